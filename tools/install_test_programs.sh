#!/usr/bin/env bash
# Installs the programs of Debian that the tests drive, where that is possible; else says which tests will be skipped.
# Safe to repeat: what is there already is not touched. ozgdoc itself needs none of them.
set -euo pipefail

poppler_for_python() { /usr/bin/python3 -c 'import gi; gi.require_version("Poppler", "0.18")' 2>/dev/null; }
file() { [[ -e "$1" ]]; }
has_postgresql() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }
has() { command -v "$1" >/dev/null; }

missing=()
need() { # PACKAGES, then the command that succeeds when they are there
  local packages=$1
  shift
  "$@" || missing+=($packages)
}

need poppler-utils has pdftotext
need "gir1.2-poppler-0.18 python3-gi" poppler_for_python
need mupdf-tools has mutool
need qpdf has qpdf
need ghostscript has gs
need pdftk-java has pdftk
need libreoffice-writer has soffice
need libreoffice-draw file /usr/lib/libreoffice/program/libsdlo.so
need default-jre-headless has java
need libpdfbox2-java file /usr/share/java/pdfbox2.jar
need libitext5-java file /usr/share/java/itext5.jar
need libitext-java file /usr/share/java/itext.jar
need libbcpkix-java file /usr/share/java/bcpkix.jar
need chromium has chromium
need postgresql has_postgresql
need fonts-noto-core file /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf
need fonts-liberation2 file /usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf

if ((${#missing[@]} == 0)); then
  exit 0
fi
if ((EUID == 0)) && has apt-get; then
  echo "Installing for the tests: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "Not installed, so the tests that need them will be skipped: ${missing[*]}"
  echo "On Debian: sudo apt-get install --no-install-recommends ${missing[*]}"
fi
