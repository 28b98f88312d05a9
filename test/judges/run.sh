#!/usr/bin/env bash
# Lets software that nobody here wrote judge what the examples synthesize. Judges are built once into a cache outside the checkout.
#   run.sh [arguments for jest]
# A judge that cannot be had is printed as MISSING. With CI=true a judge that should be there and is not fails the run.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cdk-bulwark/judges
work=$(mktemp -d)
trap 'bash "$root/test/judges/control-plane.sh" stop > /dev/null 2>&1; rm -rf "$work"' EXIT
mkdir -p "$cache" "$work/findings"
export JUDGES_WORK=$work JUDGES_MISSING=$work/missing.txt
: > "$JUDGES_MISSING"
cd "$root"

missing() { # judge, why, required?
  printf '%s\t%s\n' "$1" "$2" >> "$JUDGES_MISSING"
  echo "MISSING $1: $2"
  [ "${3:-optional}" = required ] && [ "${CI:-}" = true ] && lacking=1
  return 0
}
lacking=0

# Programs that are installed by more than one step are ready only when their marker says so.
once() { # folder, installer...
  local folder=$1
  shift
  [ -e "$folder/.ready" ] && return 0
  rm -rf "$folder" && mkdir -p "$folder" && "$@" "$folder" && touch "$folder/.ready"
}
python_judges() { python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0 checkov==3.3.30; }
cdk_nag() { npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$1" cdk-nag@3.0.2; }
kube_score() { GOBIN=$1 GOFLAGS=-mod=mod go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0; }
kube_linter() { GOBIN=$1 GOFLAGS=-mod=mod go install golang.stackrox.io/kube-linter/cmd/kube-linter@v0.7.6; }

echo "== judges in the cache"
if command -v go > /dev/null; then
  if bash test/judges/build-control-plane.sh "$cache/kubernetes-1.37.2"; then
    export CP_BIN=$cache/kubernetes-1.37.2 CP_DIR=$work/control-plane CP_KCM=0
  else missing kube-apiserver 'it does not build here' required; fi
  pod_security=$cache/pod-security-0.37.2-$(cksum < test/judges/pod-security/main.go | cut -d' ' -f1)
  once "$pod_security" bash test/judges/pod-security/build.sh && export POD_SECURITY=$pod_security || missing pod-security-admission 'it does not build here' required
  once "$cache/kube-score-1.20.0" kube_score && export KUBE_SCORE=$cache/kube-score-1.20.0/kube-score || missing kube-score 'it does not build here'
  once "$cache/kube-linter-0.7.6" kube_linter > "$work/kube-linter.log" 2>&1 && export KUBE_LINTER=$cache/kube-linter-0.7.6/kube-linter || missing kube-linter "the module proxy does not serve it ($(grep -o '40[0-9] [A-Z][a-z]*' "$work/kube-linter.log" | head -1))"
else
  missing kube-apiserver 'there is no Go to build it with' required
  missing pod-security-admission 'there is no Go to build it with' required
  missing kube-score 'there is no Go to build it with'
  missing kube-linter 'there is no Go to build it with'
fi
if command -v python3 > /dev/null && once "$cache/cfn-lint-1.58.0-checkov-3.3.30" python_judges; then
  export CFN_LINT=$cache/cfn-lint-1.58.0-checkov-3.3.30/bin/cfn-lint CHECKOV=$cache/cfn-lint-1.58.0-checkov-3.3.30/bin/checkov
else missing cfn-lint 'no Python environment could be made' required; missing checkov 'no Python environment could be made' required; fi
once "$cache/cdk-nag-3.0.2" cdk_nag && export CDK_NAG=$cache/cdk-nag-3.0.2/node_modules || missing cdk-nag 'npm could not install it' required

echo "== synthesizing the examples, with the template validation of aws-cdk-lib on"
for example in quickstart reference-platform; do
  CDK_OUTDIR=$work/$example/cdk.out CDK8S_OUTDIR=$work/$example/dist node --import tsx "examples/$example/main.ts" || exit 1
done

if [ -n "${CP_BIN:-}" ]; then
  read -r CP_PORT CP_ETCD_PORT < <(node -e "
    const net = require('net');
    const free = (n, found = []) => n === 0 ? (console.log(found.join(' ')), 0) : net.createServer().listen(0, '127.0.0.1', function () { const { port } = this.address(); free(n - 1, [...found, port]); setTimeout(() => this.close(), 50); });
    free(2)")
  export CP_PORT CP_ETCD_PORT
  bash test/judges/control-plane.sh start > "$work/control-plane.log" 2>&1 || { cat "$work/control-plane.log"; missing kube-apiserver 'it does not start' required; unset CP_BIN; }
fi

npx jest --ci --selectProjects judges "$@"
status=$?
# Only a whole run can tell that no finding needs a reason.
node --import tsx test/judges/table.ts || [ $# -gt 0 ] || status=1
[ "$lacking" = 0 ] || { echo 'a judge that must be there is missing'; status=1; }
exit "$status"
