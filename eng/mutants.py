#!/usr/bin/env python3
"""Runs the tests on every mutant, each in a process of its own: python3 eng/mutants.py FOLDER [ROOM...]

FOLDER has what eng/mutation makes: tests/, published, with all mutants in the library, and Stryker's report of them.
The classes of tests that reach a mutant are run until one fails: those of its room first, then short ones of others.
Mutants come in a random order, the same every time: whatever part is done when Ctrl+C ends it is a fair sample.
"""
import collections
import concurrent.futures
import glob
import json
import os
import random
import subprocess
import sys
import tempfile
import time

ROOMS = ["Memory", "Allocation", "Tdmr", "Module", "Simulation", "Planning"]
# Tests that take seconds, of classes whose others are short.
SLOW = """a_million_blocked_ranges_ a_host_of_6_tib_ a_thousand_holes_ a_combination_that_is_seldom_the_best_
  the_interval_holds_ an_action_does_what_it_says_ allocators_can_be_compared_ a_threshold_is_the_same_
  a_single_tdmr_succeeds_as_often_ a_result_is_the_same_on_any_number_ a_cancelled_simulation_ a_progress_that_throws_
  a_run_cancelled_at_any_report_ the_planners_plan_is_accepted_ on_small_hosts_""".split()
START = 0.3  # Seconds that a process takes without tests.
FIRST = 0.5  # Seconds of tests that are tried before the others.
ELSEWHERE = 3  # Seconds of tests of other rooms, at most.
LONGEST = 15  # Seconds that a class may take: longer ones are left out.

Mutant = collections.namedtuple("Mutant", "id room file line change")


def run(folder, classes, seconds=None, **variables):
    """What the tests end with: 0 if all pass, None if they take longer."""
    command = ["dotnet", folder + "/tests/TdxPamt.Tests.dll", "-noLogo", "-noColor", "-stopOnFail", "-parallelMode",
               "none"]
    command += [word for name in classes for word in ("-class", name)]
    command += [word for name in SLOW for word in ("-method-", f"*.{name}*")]
    # One processor each: as many processes run at once as there are, and coverage is not written by several threads.
    settings = {"DOTNET_PROCESSOR_COUNT": "1", "DOTNET_TieredPGO": "0", "DOTNET_gcConcurrent": "0"}
    # In a session of its own, so that Ctrl+C does not look like a failed test.
    process = subprocess.Popen(command, env={**os.environ, **settings, **variables}, start_new_session=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def find_classes(folder):
    """How many seconds each class of tests takes, and which mutants it reaches."""
    def look(name):
        start = time.monotonic()
        code = run(folder, [name], LONGEST)
        if code != 0:
            return f"{name} {'takes too long' if code is None else 'fails without a mutant'}: left out"
        seconds = max(time.monotonic() - start - START, 0.02)
        with tempfile.TemporaryDirectory() as temporary:
            run(folder, [name], STRYKER_COVERAGE_FILE="reached", TMPDIR=temporary)
            return seconds, {number for file in glob.glob(temporary + "/reached*")
                             for number in open(file).read().replace(";", ",").split(",") if number}

    names = subprocess.run(["dotnet", folder + "/tests/TdxPamt.Tests.dll", "-list", "classes"],
                           capture_output=True, text=True, check=True).stdout.split()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(names, pool.map(look, names)))
    for message in found.values():
        if isinstance(message, str):
            print(message, file=sys.stderr)
    return {name: seen for name, seen in found.items() if not isinstance(seen, str)}


def read_mutants(folder):
    with open(folder + "/reports/mutation-report.json") as file:
        report = json.load(file)
    for file, content in report["files"].items():
        place = file.split("/TdxPamt/")[-1]
        room = place.split("/")[0] if "/" in place else "Memory"  # What all rooms share lies beside them.
        for mutant in content["mutants"]:
            if mutant["status"] not in ("CompileError", "Ignored"):
                change = f'{mutant["mutatorName"]}: {" ".join(mutant["replacement"].split())}'
                yield Mutant(mutant["id"], room, place, mutant["location"]["start"]["line"], change)


def stages(mutant, classes):
    """The classes that are run: some at first, then the others."""
    near, far = [], []
    for name, (seconds, reached) in sorted(classes.items(), key=lambda item: item[1][0]):
        if mutant.id in reached:
            (near if name.split(".")[2] == mutant.room else far).append((name, seconds))
    left, elsewhere = list(near), 0
    for name, seconds in far:
        elsewhere += seconds
        if elsewhere <= ELSEWHERE:
            left.append((name, seconds))
    first, total = [], 0
    while left and (not first or total + left[0][1] <= FIRST):
        first.append(left.pop(0))
        total += first[-1][1]
    return [stage for stage in (first, left) if stage]


def find_fate(folder, mutant, classes, patience=1):
    for stage in stages(mutant, classes):
        seconds = patience * (4 + 8 * sum(seconds for _, seconds in stage))
        names = [name for name, _ in stage]
        code = run(folder, names, seconds, STRYKER_MUTANT_ID_CONTROL_VAR="MUTANT", MUTANT=mutant.id)
        if code != 0:
            return "late" if code is None else "noticed"
    return "survived"


def find_fates(folder, mutants, classes, patience=1):
    """The fates of mutants, or of as many as there is time for."""
    fates, said = {}, time.monotonic()
    pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    try:
        for mutant, fate in zip(mutants, pool.map(lambda it: find_fate(folder, it, classes, patience), mutants)):
            fates[mutant] = fate
            if time.monotonic() - said > 60:
                said = time.monotonic()
                print(f"{len(fates)} of {len(mutants)} mutants, {share(fates.values())} noticed", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    finally:
        pool.shutdown(cancel_futures=True)
    return fates


def share(fates):
    return f"{100 * sum(fate != 'survived' for fate in fates) / max(len(fates), 1):.2f} %"


def print_score(name, fates, mutants):
    noticed = sum(fate != "survived" for fate in fates)
    print(f"mutation score of {name}: {share(fates)}, {noticed} of {len(fates)} mutants"
          f"{'' if len(fates) == mutants else f' tried, of {mutants}'}, "
          f"{fates.count('late')} of them noticed by running out of time")
    return noticed >= 0.9 * len(fates)


def main(folder, *rooms):
    folder = os.path.abspath(folder)
    mutants = [mutant for mutant in read_mutants(folder) if mutant.room in (rooms or ROOMS)]
    random.Random(1).shuffle(mutants)
    classes = find_classes(folder)
    fates = find_fates(folder, mutants, classes)
    # On a busy machine some only seem to run out of time.
    fates.update(find_fates(folder, [mutant for mutant in fates if fates[mutant] == "late"], classes, patience=2))

    with open(folder + "/survivors.txt", "w") as file:
        for mutant in sorted(fates, key=lambda it: (it.file, it.line, it.id)):
            if fates[mutant] == "survived":
                print(f"{mutant.file}:{mutant.line} {mutant.id} {mutant.change}", file=file)
    for room in rooms or ROOMS:
        print_score(room, [fate for mutant, fate in fates.items() if mutant.room == room],
                    sum(mutant.room == room for mutant in mutants))
    return print_score("these rooms" if rooms else "src/TdxPamt", list(fates.values()), len(mutants))


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
