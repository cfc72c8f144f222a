"""Which group answers a letter (กลุ่มงานผู้รับผิดชอบ)."""

from __future__ import annotations

from correspondence.deadline import GroupAssignment
from correspondence.vocabulary import Category
from office.taxonomy import Groups, Taxonomy


def assign_group(
    category: Category | None,
    subcategory: str | None,
    taxonomy: Taxonomy,
    groups: Groups | None = None,
) -> GroupAssignment | None:
    """Return the group that answers, with its reasons in Thai; None means triage.

    Pass `category=None` when the classifier abstained: triage (a person chooses the category)
    is a queue, not a group, so no assignment is made rather than one to the administration
    group. A sub-category the taxonomy does not know falls back to the category's group and the
    reasons say so. The matter decides, never the sender (office.md).

    Args:
        category: the category, or None where it is unknown or the classifier abstained.
        subcategory: id of the sub-category, or None.
        taxonomy: `categories.toml`.
        groups: `groups.toml`, for the Thai name in the reasons; without it the id stands.
    """
    if category is None:
        return None
    entry = taxonomy.entry(category)
    reasons = [f"ประเภทเรื่อง “{entry.thai}” อยู่ในความรับผิดชอบของ{_name(entry.group, groups)}"]
    group = entry.group
    if subcategory is not None:
        found = taxonomy.subcategory(category, subcategory)
        if found is None:
            reasons.append("ไม่พบประเภทย่อยนี้ในบัญชีประเภทเรื่อง จึงใช้กลุ่มของประเภทเรื่อง")
        elif found.group and found.group != entry.group:
            group = found.group
            reasons.append(f"ประเภทย่อย “{found.thai}” กำหนดให้{_name(group, groups)}รับผิดชอบ")
        else:
            reasons.append(f"ประเภทย่อย “{found.thai}”")
    return GroupAssignment(group=group, reasons=tuple(reasons))


def _name(group: str, groups: Groups | None) -> str:
    known = {entry.id: entry.thai for entry in groups.group} if groups else {}
    return known.get(group, f"กลุ่ม {group}")
