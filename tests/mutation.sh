#!/usr/bin/env bash
# Breaks the library in thousands of small ways and counts how many the tests notice: at least 90 % of each room's.
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
  any_number_of_threads can_be_compared interval_holds"
rooms=("$@")
[ $# -gt 0 ] || rooms=(Memory Allocation Tdmr Module Simulation Planning)

dotnet tool restore
dotnet build tests/TdxPamt.Tests -c Release --nologo -v quiet
trap 'rm -rf tests/TdxPamt.Tests/obj tests/TdxPamt.Tests/bin' EXIT
code=0
for room in "${rooms[@]}"; do
  filter=$(printf '|FullyQualifiedName~TdxPamt.Tests.%s' ${tests[$room]})
  filter="(${filter#|})$(printf '&FullyQualifiedName!~%s' $slow)"
  output=$PWD/artifacts/mutation/$room
  rm -rf "$output"
  mkdir -p "$output"
  sed "s/ROOM/$room/; s/FILTER/${filter//&/\\&}/" tests/TdxPamt.Tests/stryker-config.json > "$output/stryker-config.json"
  (cd tests/TdxPamt.Tests && dotnet stryker -f "$output/stryker-config.json" -O "$output") > "$output/log.txt" 2>&1 || code=1
  score=$(grep -oP 'final mutation score is \K.*' "$output/log.txt" || echo "unknown: see $output/log.txt")
  timeouts=$(grep -o '"status": *"Timeout"' "$output/reports/mutation-report.json" 2> /dev/null | wc -l || true)
  echo "mutation score of $room: $score, $timeouts of them noticed by running out of time"
done
exit $code
