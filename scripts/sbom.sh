#!/usr/bin/env bash
# Lists what the SDK is made of: scripts/sbom.sh DIR leaves sbom.cdx.json, in CycloneDX, in DIR, and
# its digest in SHA256SUMS.sbom. The tool is installed where it is missing.
set -euo pipefail
out=${1:?usage: scripts/sbom.sh DIR}
out=$(cd "$out" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=0.5.9
if ! cargo cyclonedx --version 2>/dev/null | grep -qwF "$version"; then
  cargo install cargo-cyclonedx --locked --version "$version"
fi
# The tool writes beside each manifest of the workspace; only the SDK's is wanted.
name=runinfra.sbom
trap 'find . -name "$name.json" -not -path "./target/*" -delete' EXIT
cargo cyclonedx --format json --spec-version 1.5 --all-features --manifest-path sdk/Cargo.toml --override-filename "$name"
# Where the tree lies on this machine is nobody's business.
sed "s|path+file://$PWD/|path+file:///|g" "sdk/$name.json" >"$out/sbom.cdx.json"
(cd "$out" && sha256sum -- sbom.cdx.json >SHA256SUMS.sbom)
echo "sbom.cdx.json lists $(grep -c '"bom-ref": "registry+' "$out/sbom.cdx.json") packages that the SDK is made of"
