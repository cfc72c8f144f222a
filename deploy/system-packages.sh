#!/usr/bin/env bash
# Install the system parts that Saraban uses, or say exactly what to install.
#
#   deploy/system-packages.sh [run|test]
#
# `run` (default): reading scans, drafting, the demo's mailbox. `test` adds what the tests need.
# Exit 0: everything is there. Exit 4: something is missing and may not be installed from here.
set -euo pipefail

purpose=${1:-run}
packages=(
    tesseract-ocr tesseract-ocr-eng tesseract-ocr-tha tesseract-ocr-script-thai tesseract-ocr-osd
    libreoffice-writer-nogui fonts-thai-tlwg-ttf fonts-thai-tlwg-otf fontconfig libfribidi0 dovecot-imapd
)
[ "$purpose" = test ] && packages+=(postgresql chromium poppler-utils)

# Any of LibreOffice's Writer packages will do.
present() {
    case "$1" in
    libreoffice-writer-nogui) command -v soffice >/dev/null && [ -e /usr/lib/libreoffice/program/libswlo.so ] ;;
    chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null ;;
    *) dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
    esac
}

if ! command -v apt-get >/dev/null; then
    echo "saraban: no apt here; install by hand what these Debian packages hold: ${packages[*]}" >&2
    exit 4
fi

missing=()
for package in "${packages[@]}"; do present "$package" || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    echo "saraban: missing system packages. Install them with:" >&2
    echo "    sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 4
fi

echo "saraban: installing ${missing[*]}" >&2
# Dovecot and PostgreSQL are started privately by the demo and the tests; the machine's own
# services stay off.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    "${as_root[@]}" chmod 755 $policy
    trap '"${as_root[@]}" rm -f $policy' EXIT
fi
log=$(mktemp)
if ! { "${as_root[@]}" apt-get update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    echo "saraban: installing failed; the whole log is $log" >&2
    exit 4
fi
for service in dovecot postgresql; do
    case " ${missing[*]} " in *" $service"*)
        "${as_root[@]}" systemctl disable --quiet "$service" 2>/dev/null || true ;;
    esac
done
rm -f "$log"
