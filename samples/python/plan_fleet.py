"""Plans every boot log and host document of a folder, and plots which share of RAM the PAMTs take.

    python3 plan_fleet.py FOLDER
"""
import pathlib
import sys

import tdxpamt

WIDTH = 40

rows = []
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    if path.suffix not in (".log", ".json"):
        continue
    plan = tdxpamt.plan(path.read_bytes(), name=path.name)
    if plan["status"] == "constructed":
        rows.append((plan["pamtKiB"] * 1024 / int(plan["ram"], 16), path.name))
    else:
        print(f"{path.name}: {plan['error']['message'] if 'error' in plan else plan['status']}")

rows.sort()
most = max(share for share, _ in rows)
for share, name in rows:
    print(f"{name:32} {share:8.4%} {'#' * round(WIDTH * share / most)}")
