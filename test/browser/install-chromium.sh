#!/usr/bin/env bash
# Brings the browser of the browser tests on Debian and Ubuntu. Does nothing where there is one.
set -euo pipefail

for place in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  if [ -x "$place" ]; then exit 0; fi
done

root=()
if [ "$(id -u)" != 0 ]; then root=(sudo); fi
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get update --quiet
"${root[@]}" apt-get install --quiet --yes --no-install-recommends chromium fonts-noto-cjk
