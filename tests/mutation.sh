#!/usr/bin/env bash
# Breaks the library in thousands of small ways and counts how many the tests notice: at least 90 % of all.
#   bash tests/mutation.sh [ROOM...]      all rooms; a room takes minutes
# Each room prints its score; artifacts/mutation/ROOM/reports says what survived, and tests/mutation-survivors.md why some
# may. What runs out of time counts as noticed: on a busy machine that flatters, so the score comes with their number.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export TDXPAMT_MUTATION=true TDXPAMT_ITERATIONS=${TDXPAMT_ITERATIONS:-30}

# A room's own tests, and those that show the rest of its mistakes; not what takes long.
declare -A tests=(
  [Memory]="Memory Allocation Tdmr"
  [Allocation]="Allocation Tdmr Properties.Allocator Properties.Simulation Simulation.SimulationF"
  [Tdmr]="Tdmr"
  [Module]="Module"
  [Simulation]="Simulation Properties.Simulation"
  [Planning]="Planning"
)
slow="a_million_blocked_ranges a_host_of_6_tib from_many_threads planned_in_no_time cancelled_simulation
  can_be_compared interval_holds"
rooms=("$@")
total="${#rooms[@]} rooms"
if [ $# -eq 0 ]; then
  rooms=(Memory Allocation Tdmr Module Simulation Planning)
  total=src/TdxPamt
fi

dotnet tool restore > /dev/null
built=$(dotnet build tests/TdxPamt.Tests -c Release --nologo -v quiet) || { echo "$built" >&2; exit 1; }
trap 'rm -rf tests/TdxPamt.Tests/obj tests/TdxPamt.Tests/bin' EXIT

# How many mutants have one of these fates.
count() { { grep -oE "\"status\": *\"($1)\"" "$output/reports/mutation-report.json" 2> /dev/null || true; } | wc -l; }
score() {
  awk -v name="$1" -v noticed="$2" -v all="$3" -v late="$4" 'BEGIN {
    if (all == 0) { print "mutation score of " name ": unknown"; exit 1 }
    printf "mutation score of %s: %.2f %%, %d of %d mutants, %d of them noticed by running out of time\n",
      name, 100 * noticed / all, noticed, all, late
    exit noticed < 0.9 * all
  }'
}

code=0
noticed=0 all=0 late=0
for room in "${rooms[@]}"; do
  filter=$(printf '|FullyQualifiedName~TdxPamt.Tests.%s' ${tests[$room]})
  filter="(${filter#|})$(printf '&FullyQualifiedName!~%s' $slow)"
  output=$PWD/artifacts/mutation/$room
  rm -rf "$output"
  mkdir -p "$output"
  files="\"**/$room/**/*.cs\""
  [ "$room" != Memory ] || files+=', "**/TdxPamt/*.cs"' # What all rooms share lies beside them.
  patience=10000
  [ "$room" != Simulation ] || patience=30000 # Thousands of trials take their time even where nothing hangs.
  sed "s#FILES#$files#; s/PATIENCE/$patience/; s/FILTER/${filter//&/\\&}/" \
    tests/TdxPamt.Tests/stryker-config.json > "$output/stryker-config.json"
  (cd tests/TdxPamt.Tests && dotnet stryker -f "$output/stryker-config.json" -O "$output") > "$output/log.txt" 2>&1 ||
    { code=1; echo "$room: see $output/log.txt" >&2; }
  dead=$(count 'Killed|Timeout') lived=$(count 'Survived|NoCoverage') timeouts=$(count Timeout)
  score "$room" "$dead" $((dead + lived)) "$timeouts" || [ ${#rooms[@]} -gt 1 ] || code=1
  noticed=$((noticed + dead)) all=$((all + dead + lived)) late=$((late + timeouts))
done
[ ${#rooms[@]} -eq 1 ] || score "$total" "$noticed" "$all" "$late" || code=1
exit $code
