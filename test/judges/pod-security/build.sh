#!/usr/bin/env bash
# Builds the judge of pods by the Pod Security Standards into the folder given: the API server's own defaulting and evaluator.
#   build.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(mkdir -p "${1:?folder for the binary}" && cd "$1" && pwd)
kubernetes=1.37.2 staging=0.37.2
export GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 GOTOOLCHAIN=local
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/main.go" .
source_dir=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
{
  printf 'module judges.local/podsecurity\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/api v%s\n\tk8s.io/kubernetes v%s\n\tk8s.io/pod-security-admission v%s\n)\n\nreplace (\n' "$staging" "$kubernetes" "$staging"
  sed -n 's#^\t\(k8s.io/[a-z0-9.-]*\) => ./staging/.*#\1#p' "$source_dir/go.mod" | while read -r module; do printf '\t%s => %s v%s\n' "$module" "$module" "$staging"; done
  printf ')\n'
} > go.mod
cp "$source_dir/go.sum" go.sum && chmod u+w go.sum
go build -trimpath -ldflags '-s -w' -o "$bin/pod-security.part" .
mv "$bin/pod-security.part" "$bin/pod-security"
