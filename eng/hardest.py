#!/usr/bin/env python3
"""Writes a host document that is hard to plan: python3 eng/hardest.py NAME > FILE"""
import json
import sys

GIB = 1 << 30


def region(start, size, node=0):
    return {"start": start, "end": start + size, "node": node}


def gaps():
    """8,192 memory blocks with a gap after each."""
    distance = 2 * GIB + (1 << 20)
    return {"memory": [region((1 << 20) + i * distance, 2 * GIB, i // 128) for i in range(8192)]}


def tdmrs():
    """8,001 memory blocks, where the module takes 4,000 TDMRs."""
    memory = [region((4 + 2 * i) * GIB, GIB // 4) for i in range(8000)] + [region(16004 * GIB, 256 * GIB)]
    return {"memory": memory, "module": {"maxTdmrs": 4000, "keyIdBits": 0}}


def blocked():
    """200,000 blocked pages in 1 TiB."""
    distance = (1024 * GIB // 200000) & ~4095
    memory = [region(1 << 20, 2 << 20), region(5 << 20, 2 << 20), region(4 * GIB, 1024 * GIB)]
    pages = [{"start": 4 * GIB + i * distance, "end": 4 * GIB + i * distance + 4096, "kind": "unmovable"}
             for i in range(200000)]
    return {"memory": memory, "blocked": pages, "module": {"maxTdmrs": 65535}}


def cmrs():
    """523,000 CMRs in 1 TiB."""
    distance = GIB >> 9
    return {"memory": [region(4 * GIB, 1024 * GIB)],
            "cmrs": [{"start": 4 * GIB + i * distance, "end": 4 * GIB + (i + 1) * distance - 4096}
                     for i in range(523000)]}


def holes():
    """1,000 TDMRs with 20 holes each, to be explained."""
    distance = (GIB // 20) & ~4095
    memory = [region((4 + 2 * t) * GIB + i * distance, distance - 4096) for t in range(1000) for i in range(20)]
    return {"memory": memory + [region(2004 * GIB, 9 * GIB)], "module": {"maxTdmrs": 65535}}


def many():
    """60,000 TDMRs, to be explained."""
    memory = [region((4 + 2 * i) * GIB, GIB // 4) for i in range(60000)] + [region(200000 * GIB, 1024 * GIB)]
    return {"memory": memory, "module": {"maxTdmrs": 65535}}


json.dump(globals()[sys.argv[1]](), sys.stdout, separators=(",", ":"))
