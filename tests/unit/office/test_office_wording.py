from pathlib import Path

import pytest

from correspondence.errors import ConfigurationFault
from correspondence.vocabulary import Category
from office.taxonomy import Taxonomy
from office.toml_file import load_toml
from office.wording import PNG_SIGNATURE, read_wording

CONFIG = Path(__file__).resolve().parents[3] / "config"


def _copy(folder: Path) -> Path:
    text = (CONFIG / "wording.toml").read_text(encoding="utf-8")
    (folder / "wording.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_subcategory_of_the_taxonomy_has_a_proposal():
    wording = read_wording(CONFIG)
    taxonomy = load_toml(CONFIG / "categories.toml", Taxonomy)
    for entry in taxonomy.category:
        for subcategory in entry.subcategories:
            assert wording.proposal_for(entry.id, subcategory.id), (entry.id, subcategory.id)


def test_every_proposal_is_worded_as_a_proposal():
    for proposal in read_wording(CONFIG).proposal:
        assert all(text.startswith("เห็นควร") for text in proposal.texts)


def test_unknown_subcategory_takes_the_proposal_of_its_category():
    wording = read_wording(CONFIG)
    found = wording.proposal_for(Category.GENERAL, "no_such")
    assert found is not None and found.subcategory == "any"


def test_legal_phrases_belong_to_their_subcategory_only():
    wording = read_wording(CONFIG)
    ids = {p.id for p in wording.legal_for(Category.COMPLAINT, "tort_liability")}
    assert "tort_act" in ids and "complaint_regulation" not in ids


def test_the_office_picture_is_used_when_it_is_there(tmp_path):
    folder = _copy(tmp_path)
    assert read_wording(folder).garuda is None
    (folder / "garuda.png").write_bytes(PNG_SIGNATURE + b"rest")
    assert read_wording(folder).garuda == PNG_SIGNATURE + b"rest"


def test_a_picture_that_is_no_png_is_refused_by_name(tmp_path):
    folder = _copy(tmp_path)
    (folder / "garuda.png").write_bytes(b"GIF89a")
    with pytest.raises(ConfigurationFault, match=r"garuda\.png"):
        read_wording(folder)


def test_a_doubled_proposal_is_refused(tmp_path):
    folder = _copy(tmp_path)
    path = folder / "wording.toml"
    more = '\n[[proposal]]\ncategory = "general"\nsubcategory = "order"\ntexts = ["เห็นควร"]\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    with pytest.raises(ConfigurationFault, match="more than one"):
        read_wording(folder)
