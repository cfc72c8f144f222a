#!/usr/bin/env bash
# Debian keeps Python's venv apart: install it, or say what to install.
set -euo pipefail
version=$("$1" -c 'import sys; print(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")')
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo)
else
    echo "saraban: install Python's venv with: sudo apt-get install $version" >&2
    exit 4
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$version" >/dev/null
