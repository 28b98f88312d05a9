#!/usr/bin/env bash
# Lets software that nobody here wrote judge what the examples synthesize. Judges are built once into a cache outside the checkout.
#   run.sh [aws|k8s|JUDGE]... [arguments for jest]   all judges, those of a tree, or some by name
#   run.sh apply FILE|-                              a strict dry run of manifests on the judges' API server
#   run.sh faults [--check]                          what the judges see of planted faults: docs/planted-faults.md
#   run.sh comparison [--check]                      what they hold against plain constructs and ours: docs/comparison.md
# A judge that cannot be had is printed as MISSING. With CI=true a judge that should be there and is not fails the run.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cdk-bulwark/judges
work=$(mktemp -d)
trap 'bash "$root/test/judges/control-plane.sh" stop > /dev/null 2>&1; rm -rf "$work"' EXIT
mkdir -p "$cache" "$work/findings"
export JUDGES_WORK=$work JUDGES_MISSING=$work/missing.txt JUDGES_CACHE=$cache
: > "$JUDGES_MISSING"

templates=(cfn-lint cfn-guard checkov trivy) manifests=(checkov trivy kubeconform kube-score kube-linter kubesec polaris)
mode=examples only=() paths=() rest=()
case ${1:-} in apply | faults | comparison) mode=$1; shift ;; esac
case $mode in
  apply)
    input=${1:-}
    [ -n "$input" ] || { echo "say what to apply: a file, or - for standard input" >&2; exit 2; }
    if [ "$input" = - ]; then cat > "$work/input.yaml"; else cp -- "$input" "$work/input.yaml" || exit 2; fi
    only=(kube-apiserver) ;;
  faults) only=("${templates[@]}" "${manifests[@]}") rest=("$@") ;;
  comparison) only=("${templates[@]}" "${manifests[@]}") rest=("$@") ;;
  examples)
    for word in "$@"; do
      case $word in
        -*) rest+=("$word") ;;
        aws) only+=(aws-cdk-lib cdk-nag "${templates[@]}") paths+=(cloudformation software) ;;
        k8s)
          only+=(kube-apiserver pod-security-admission k8s.io/api cyclonus "${manifests[@]}")
          for file in "$root"/test/judges/*.test.ts; do case $file in */cloudformation.test.ts) ;; *) paths+=("$(basename "$file" .test.ts)") ;; esac; done ;;
        aws-cdk-lib | cdk-nag) only+=("$word") paths+=(cloudformation) ;;
        kube-apiserver) only+=("$word") paths+=(api-server) ;;
        *)
          if [[ " ${templates[*]} ${manifests[*]} " == *" $word "* ]]; then only+=("$word") paths+=(software)
          elif [ -e "$root/test/judges/$word.test.ts" ]; then only+=(kube-apiserver pod-security-admission k8s.io/api cyclonus "$word") paths+=("$word")
          else echo "there is no judge '$word'; name aws, k8s, aws-cdk-lib, cdk-nag, kube-apiserver, ${templates[*]} or ${manifests[*]:2}" >&2; exit 2; fi ;;
      esac
    done ;;
esac
export JUDGES_ONLY="${only[*]:-}"
cd "$root"

wants() { [ "${#only[@]}" = 0 ] || [[ " ${only[*]} " == *" $1 "* ]]; }
say() { if [ "$mode" = apply ]; then echo "$@" >&2; else echo "$@"; fi; }
missing() { # judge, why, required?
  printf '%s\t%s\n' "$1" "$2" >> "$JUDGES_MISSING"
  say "MISSING $1: $2"
  [ "${3:-optional}" = required ] && [ "${CI:-}" = true ] && lacking=1
  return 0
}
lacking=0

# Programs that are installed by more than one step are ready only when their marker says so.
once() { # folder, installer...
  local folder=$1
  shift
  [ -e "$folder/.ready" ] && return 0
  say "building $(basename "$folder")"
  rm -rf "$folder" && mkdir -p "$folder" && "$@" "$folder" > "$work/build.log" 2>&1 && touch "$folder/.ready" && return 0
  tail -n 5 "$work/build.log" >&2
  return 1
}
python_judges() { python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check cfn-lint==1.58.0 checkov==3.3.30; }
cdk_nag() { npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$1" cdk-nag@3.0.2; }
cfn_guard() { npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$1" @cdklabs/cdk-validator-cfnguard@0.0.62; }
# Both ends of the peer range: the first releases that package.json allows (no 2.68.11 of cdk8s was published), and the newest ones when this was written.
releases() { # aws-cdk-lib, cdk8s, constructs, folder
  npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "$4" "aws-cdk-lib@$1" "cdk8s@$2" cdk8s-plus-28@2.5.6 "constructs@$3"
}
# A main module of our own: `go install` also asks for all versions of a module, which not every proxy lists, and ignores the sums its authors checked.
go_program() { # name, module, version, package, sums to trust, folder
  local name=$1 module=$2 version=$3 package=$4 sums=$5 folder=$6
  printf 'module judges.local/%s\n\ngo 1.24\n\nrequire %s %s\n' "$name" "$module" "$version" > "$folder/go.mod"
  printf '%s' "$sums" > "$folder/go.sum"
  (cd "$folder" && GOFLAGS='-mod=mod -buildvcs=false' CGO_ENABLED=0 GOTOOLCHAIN=local go build -trimpath -ldflags '-s -w' -o "$name" "$package")
}
# The commit has no entry in the checksum database; these sums are those of the repository's files at it.
polaris_version=v0.0.0-20250818160119-ec1ba2f2db4d
polaris_sums="github.com/fairwindsops/polaris $polaris_version h1:wq2VQb3CAQehTuqH7BvZxtW1Ymgg6V4/yDmWJ2ibWww=
github.com/fairwindsops/polaris $polaris_version/go.mod h1:D7jDB6Hh9f9VC0Eg44kKbalH13jUgcYtc756dX6f/R0=
"
# The schemas that a wheel of kubernetes-validate carries; each file gets the definitions that it refers to, and no other.
schemas() { # folder
  python3 -m venv "$1/venv" && "$1/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$1" kubernetes-validate==1.37.0 || return 1
  "$1/venv/bin/python" - "$1" << 'PY'
import json, pathlib, re, sys, zipfile
folder = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(folder.glob('*.whl')))
prefix = 'kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/'
reference = re.compile(r'"(?:/api/_definitions\.json)?#/\$defs/([^"]+)"')
definitions = {name: json.dumps(body) for name, body in json.loads(wheel.read(prefix + '_definitions.json'))['$defs'].items()}
for name in wheel.namelist():
    if not name.startswith(prefix) or name.endswith(('/all.json', '/_definitions.json')):
        continue
    schema = json.loads(wheel.read(name))
    schema.pop('$id', None)
    own = set()
    more = set(reference.findall(json.dumps(schema)))
    while more:
        own |= more
        more = {inner for outer in more for inner in reference.findall(definitions[outer])} - own
    schema['$defs'] = {inner: json.loads(definitions[inner]) for inner in sorted(own)}
    (folder / pathlib.Path(name).name).write_text(json.dumps(schema).replace('"/api/_definitions.json#', '"#'))
PY
}

say '== judges in the cache'
if command -v go > /dev/null; then
  if wants kube-apiserver; then
    if bash test/judges/build-control-plane.sh "$cache/kubernetes-1.37.2" >&2; then
      export CP_BIN=$cache/kubernetes-1.37.2 CP_DIR=$work/control-plane CP_KCM=1
    else missing kube-apiserver 'it does not build here' required; fi
  fi
  go_judge() { # judge, variable, version, module, module version, package, sums
    wants "$1" || return 0
    local folder=$cache/$1-$3
    if once "$folder" go_program "$1" "$4" "$5" "$6" "${7:-}"; then export "$2=$folder/$1"; else missing "$1" "$(if grep -q '403 Forbidden' "$work/build.log"; then echo 'the module proxy does not serve it'; else echo 'it does not build here'; fi)"; fi
  }
  if wants pod-security-admission; then
    pod_security=$cache/pod-security-0.37.2-$(cksum < test/judges/pod-security/main.go | cut -d' ' -f1)
    # The module's own fixtures are read from where Go keeps its modules.
    POD_SECURITY_MODULE=$(cd "$work" && go mod download -json k8s.io/pod-security-admission@v0.37.2 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    once "$pod_security" bash test/judges/pod-security/build.sh && export POD_SECURITY=$pod_security POD_SECURITY_MODULE || missing pod-security-admission 'it does not build here' required
  fi
  if wants k8s.io/api; then
    API_MODULE=$(cd "$work" && GOFLAGS=-mod=mod go mod download -json k8s.io/api@v0.37.2 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    [ -n "$API_MODULE" ] && export API_MODULE || { unset API_MODULE; missing k8s.io/api 'the module proxy does not serve it'; }
  fi
  go_judge cyclonus CYCLONUS 0.5.6 github.com/mattfenwick/cyclonus v0.5.6 github.com/mattfenwick/cyclonus/cmd/cyclonus
  go_judge kube-score KUBE_SCORE 1.20.0 github.com/zegl/kube-score v1.20.0 github.com/zegl/kube-score/cmd/kube-score
  go_judge kube-linter KUBE_LINTER 0.7.6 golang.stackrox.io/kube-linter v0.7.6 golang.stackrox.io/kube-linter/cmd/kube-linter
  go_judge polaris POLARIS 10.1.1 github.com/fairwindsops/polaris "$polaris_version" github.com/fairwindsops/polaris "$polaris_sums"
  go_judge trivy TRIVY 0.65.0 github.com/aquasecurity/trivy v0.65.0 github.com/aquasecurity/trivy/cmd/trivy
  if { wants kubeconform || wants kubesec; } && once "$cache/kubernetes-schemas-1.37.0" schemas; then
    export KUBERNETES_SCHEMAS=$cache/kubernetes-schemas-1.37.0
    go_judge kubeconform KUBECONFORM 0.8.0 github.com/yannh/kubeconform v0.8.0 github.com/yannh/kubeconform/cmd/kubeconform
    go_judge kubesec KUBESEC 2.14.2 github.com/controlplaneio/kubesec/v2 v2.14.2 github.com/controlplaneio/kubesec/v2
  else
    for judge in kubeconform kubesec; do if wants "$judge"; then missing "$judge" 'there are no schemas for it'; fi; done
  fi
else
  for judge in kube-apiserver pod-security-admission k8s.io/api cyclonus kube-score kube-linter polaris trivy kubeconform kubesec; do
    if wants "$judge"; then missing "$judge" 'there is no Go to build it with' "$(case $judge in kube-apiserver | pod-security-admission) echo required ;; esac)"; fi
  done
fi
if wants cfn-lint || wants checkov; then
  if command -v python3 > /dev/null && once "$cache/cfn-lint-1.58.0-checkov-3.3.30" python_judges; then
    export CFN_LINT=$cache/cfn-lint-1.58.0-checkov-3.3.30/bin/cfn-lint CHECKOV=$cache/cfn-lint-1.58.0-checkov-3.3.30/bin/checkov
  else missing cfn-lint 'no Python environment could be made' required; missing checkov 'no Python environment could be made' required; fi
fi
if wants cdk-nag; then
  once "$cache/cdk-nag-3.0.2" cdk_nag && export CDK_NAG=$cache/cdk-nag-3.0.2/node_modules || missing cdk-nag 'npm could not install it' required
fi
if wants snapshots; then
  once "$cache/releases-2.257.0" releases 2.257.0 2.68.12 10.5.0 && once "$cache/releases-2.276.0" releases 2.276.0 2.70.106 10.8.1 &&
    export RELEASES="lowest=$cache/releases-2.257.0 newest=$cache/releases-2.276.0" || missing releases 'npm could not install them' required
fi
if wants cfn-guard; then
  if once "$cache/cfn-guard-0.0.62" cfn_guard; then
    guard=$cache/cfn-guard-0.0.62/node_modules/@cdklabs/cdk-validator-cfnguard/bin
    case $(uname -s)-$(uname -m) in
      Linux-x86_64) export CFN_GUARD=$guard/ubuntu/x86_64/cfn-guard ;;
      Linux-aarch64) export CFN_GUARD=$guard/ubuntu/aarch64/cfn-guard ;;
      Darwin-x86_64) export CFN_GUARD=$guard/macos/x86_64/cfn-guard ;;
      Darwin-arm64) export CFN_GUARD=$guard/macos/aarch64/cfn-guard ;;
      *) missing cfn-guard 'it has no program for this machine' ;;
    esac
  else missing cfn-guard 'npm could not install it'; fi
fi

if [ -n "${CP_BIN:-}" ]; then
  read -r CP_PORT CP_ETCD_PORT < <(node -e "
    const net = require('net');
    const free = (n, found = []) => n === 0 ? (console.log(found.join(' ')), 0) : net.createServer().listen(0, '127.0.0.1', function () { const { port } = this.address(); free(n - 1, [...found, port]); setTimeout(() => this.close(), 50); });
    free(2)")
  export CP_PORT CP_ETCD_PORT
  bash test/judges/control-plane.sh start > "$work/control-plane.log" 2>&1 || { cat "$work/control-plane.log"; missing kube-apiserver 'it does not start' required; unset CP_BIN; }
fi

if [ "$mode" = apply ]; then
  [ -n "${CP_BIN:-}" ] || exit 2
  node --import tsx test/judges/apply.ts "$work/input.yaml"
  exit
fi
if [ "$mode" = faults ] || [ "$mode" = comparison ]; then
  CDK_VALIDATION=false node --import tsx "test/judges/$mode.ts" ${rest[@]+"${rest[@]}"}
  exit
fi

echo '== synthesizing the examples, with the template validation of aws-cdk-lib on'
for example in quickstart reference-platform; do
  CDK_OUTDIR=$work/$example/cdk.out CDK8S_OUTDIR=$work/$example/dist node --import tsx "examples/$example/main.ts" || exit 1
  mkdir "$work/$example/templates" && cp "$work/$example"/cdk.out/*.template.json "$work/$example/templates" || exit 1
done

npx jest --ci --selectProjects judges ${rest[@]+"${rest[@]}"} ${paths[@]+--testPathPatterns $(printf '/test/judges/%s\\.test\\.ts$ ' "${paths[@]}")}
status=$?
# Only a whole run can tell that no finding needs a reason.
node --import tsx test/judges/table.ts || [ $# -gt 0 ] || status=1
[ "$lacking" = 0 ] || { echo 'a judge that must be there is missing'; status=1; }
exit "$status"
