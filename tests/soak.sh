#!/usr/bin/env bash
# Runs what takes hours, and prints its figures as a table.
#   bash tests/soak.sh [HOSTS] [INPUTS] [ROOM...]
# HOSTS random hosts against the models (1000000), INPUTS fuzzed inputs (10000000; 0: none), mutations of these rooms
# (all; "none": none). Tests add to the figures with Samples.Report(count, name); a new name wants a row below.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
hosts=${1:-1000000}
inputs=${2:-10000000}
rooms=("${@:3}")
out=$PWD/artifacts/soak
rm -rf "$out"
mkdir -p "$out"
touch "$out/figures.txt"
code=0

step() {
  echo "$1: $out/$2.log" >&2
  "${@:3}" > "$out/$2.log" 2>&1 || { code=1; echo "$1 failed" >&2; }
}
# The sum of the figures whose names match.
sum() {
  awk -v names="^($1)\$" '{ count = $1; sub(/^[^ ]+ /, "") } $0 ~ names { seen = 1; total += count }
    END { if (seen) printf "%d", total; else printf "not run, or failed" }' "$out/figures.txt"
}
last() { grep -oP "^$1 \K\d+" "$out/fuzz.log" 2> /dev/null | tail -1 | grep . || echo "not run, or failed"; }

step "random hosts" properties env TDXPAMT_ITERATIONS="$hosts" TDXPAMT_FIGURES="$out/figures.txt" \
  dotnet test tests/TdxPamt.Tests -c Release --nologo -v quiet \
  --filter 'FullyQualifiedName~Properties|FullyQualifiedName~Fault'
if [ -d tests/TdxPamt.Fuzz ] && [ "$inputs" -gt 0 ]; then
  step "fuzzing" fuzz dotnet run --project tests/TdxPamt.Fuzz -c Release -- --inputs "$inputs"
fi
if [ "${rooms[*]}" != none ]; then
  step "mutations" mutation bash tests/mutation.sh "${rooms[@]}"
fi

planned='every_plan_.*|the_planners_.*|on_small_hosts_.*|without_strategies_.*'
module=the_module_accepts_whatever_is_constructed_on_a_host_whose_ram_is_convertible
cat <<TABLE
| what | how many |
|---|---|
| random hosts, the pipeline's answer that of the slow models | $(sum 'on_(tiny_)?random_hosts_.*_model_does') |
| random hosts planned by strategies, the rules kept | $(sum "$planned") |
| plans that the module's model was asked about | $(sum "$module") |
| plans that it rejected | $(sum "$module" | sed 's/^[0-9]*$/0/') |
| faults injected | $(sum 'faults injected') |
| pages lost | $(sum 'pages lost') |
| inputs fuzzed | $(last inputs) |
| crashes | $(last crashes) |
TABLE
sed -n 's/^mutation score of \(.*\): \(.*\)/| mutation score, \1 | \2 |/p' "$out/mutation.log" 2> /dev/null || true
exit $code
