/*
 * From raw regions to TDMRs in plain C: what ConstructionBenchmarks is measured against. It follows docs/model.md for
 * a host of which nothing is blocked: fixed arrays, nothing allocated, one sweep for the reserved areas of all TDMRs.
 */
#include <stdint.h>

#define MAX_REGIONS 1024
#define MAX_NODES 1024
#define MAX_TDMRS 64
#define MAX_AREAS 16

#define PAGE 4096ull
#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define LIMIT (1ull << 52)
#define PAMT_ENTRY 16

struct region {
	uint64_t start, end, node;
};

struct range {
	uint64_t start, end;
};

struct tdmr {
	uint64_t base, size;
	struct range pamt[3];
	int areas;
	struct range area[MAX_AREAS];
};

/* Blocks are the RAM at or above 1 MiB; each node's are linked in ascending order. */
struct host {
	int blocks;
	struct range block[MAX_REGIONS];
	uint16_t node[MAX_REGIONS];
	int16_t next[MAX_REGIONS];
	int16_t first[MAX_NODES], last[MAX_NODES];
	struct range span[MAX_NODES];
	int nodes;
	uint16_t with_ram[MAX_NODES];
};

struct chunks {
	int count;
	struct range ascending[MAX_TDMRS];
};

static uint64_t max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void add_block(struct host *host, uint64_t start, uint64_t end, uint64_t node)
{
	int last = host->last[node];

	if (host->blocks && last == host->blocks - 1 && host->block[last].end == start) {
		host->block[last].end = end;
		return;
	}
	host->block[host->blocks] = (struct range){start, end};
	host->node[host->blocks] = node;
	host->next[host->blocks] = -1;
	if (last < 0)
		host->first[node] = host->blocks;
	else
		host->next[last] = host->blocks;
	host->last[node] = host->blocks++;
}

static int build_host(struct host *host, const struct region *regions, int count)
{
	uint64_t above = 0;

	if (count > MAX_REGIONS)
		return -1;
	host->blocks = host->nodes = 0;
	for (int i = 0; i < count; i++) {
		if (regions[i].node >= MAX_NODES)
			return -1;
		host->first[regions[i].node] = host->last[regions[i].node] = -1;
		host->span[regions[i].node].end = 0;
	}
	for (int i = 0; i < count; i++) {
		uint64_t start = regions[i].start, end = regions[i].end, node = regions[i].node;

		if (start < above || start >= end || end > LIMIT || (start | end) % PAGE)
			return -1;
		above = end;
		if (!host->span[node].end) {
			host->span[node].start = max(start, PAGE);
			host->with_ram[host->nodes++] = node;
		}
		host->span[node].end = end;
		if (end > MIB)
			add_block(host, max(start, MIB), end, node);
	}
	return 0;
}

static uint64_t next_candidate(uint64_t origin, uint64_t page, uint64_t pages)
{
	return page <= origin ? origin : origin + (page - origin + pages - 1) / pages * pages;
}

static int search_zone(const struct host *host, const struct chunks *busy, uint64_t node, struct range limit,
		       uint64_t pages, uint64_t *address)
{
	uint64_t start = max(host->span[node].start, limit.start);
	uint64_t origin = (start / PAGE + pages - 1) & ~(pages - 1);

	for (int b = host->first[node]; b >= 0; b = host->next[b]) {
		uint64_t low = max(host->block[b].start, start) / PAGE;
		uint64_t high = min(host->block[b].end, limit.end) / PAGE;
		uint64_t page;

		if (low + pages > high)
			continue;
		page = next_candidate(origin, low, pages);
		for (int c = 0; c < busy->count && page + pages <= high; c++) {
			if (busy->ascending[c].end > page * PAGE && busy->ascending[c].start < (page + pages) * PAGE)
				page = next_candidate(origin, busy->ascending[c].end / PAGE, pages);
		}
		if (page + pages <= high) {
			*address = page * PAGE;
			return 0;
		}
	}
	return -1;
}

static int search_node(const struct host *host, const struct chunks *busy, uint64_t node, uint64_t pages,
		       uint64_t *address)
{
	static const struct range zones[] = {{4 * GIB, LIMIT}, {16 * MIB, 4 * GIB}, {0, 16 * MIB}};

	for (int zone = 0; zone < 3; zone++) {
		if (!search_zone(host, busy, node, zones[zone], pages, address))
			return 0;
	}
	return -1;
}

/* Its own node first; then, all being equally far, those above it and those below. */
static int allocate(const struct host *host, struct chunks *busy, uint64_t node, uint64_t bytes, uint64_t *address)
{
	int c, found = search_node(host, busy, node, bytes / PAGE, address);

	for (int turn = 0; found < 0 && turn < 2; turn++) {
		for (int n = 0; found < 0 && n < host->nodes; n++) {
			uint64_t other = host->with_ram[n];

			if (turn ? other < node : other > node)
				found = search_node(host, busy, other, bytes / PAGE, address);
		}
	}
	if (found < 0)
		return -1;
	for (c = busy->count++; c > 0 && busy->ascending[c - 1].start > *address; c--)
		busy->ascending[c] = busy->ascending[c - 1];
	busy->ascending[c] = (struct range){*address, *address + bytes};
	return 0;
}

static uint64_t pamt_bytes(uint64_t size, int shift)
{
	return ((size >> shift) * PAMT_ENTRY + PAGE - 1) & ~(PAGE - 1);
}

/* The ranges of TDMRs, each with its PAMTs. */
static int set_up_pamts(const struct host *host, struct chunks *busy, struct tdmr *tdmrs)
{
	static const int shifts[] = {12, 21, 30};
	uint64_t covered = 0;
	int count = 0;

	for (int b = 0; b < host->blocks; b++) {
		uint64_t end = (host->block[b].end + GIB - 1) & ~(GIB - 1);
		uint64_t address, sizes[3], bytes = 0;
		struct tdmr *tdmr = &tdmrs[count];

		if (end <= covered)
			continue;
		if (count++ == MAX_TDMRS)
			return -1;
		tdmr->base = max(host->block[b].start & ~(GIB - 1), covered);
		tdmr->size = end - tdmr->base;
		for (int i = 0; i < 3; i++)
			bytes += sizes[i] = pamt_bytes(tdmr->size, shifts[i]);
		if (allocate(host, busy, host->node[b], bytes, &address))
			return -1;
		for (int i = 0; i < 3; address += sizes[i++])
			tdmr->pamt[i] = (struct range){address, address + sizes[i]};
		covered = end;
	}
	return count;
}

static int add_area(struct tdmr *tdmr, uint64_t start, uint64_t end)
{
	if (tdmr->areas == MAX_AREAS)
		return -1;
	tdmr->area[tdmr->areas++] = (struct range){start - tdmr->base, end - start};
	return 0;
}

/* Holes and PAMTs of all TDMRs in ascending order; PAMTs lie in memory, so no area overlaps another. */
static int set_up_areas(const struct host *host, const struct chunks *busy, struct tdmr *tdmrs, int count)
{
	int block = 0, chunk = 0;

	for (int t = 0; t < count; t++) {
		uint64_t position = tdmrs[t].base, end = tdmrs[t].base + tdmrs[t].size;

		tdmrs[t].areas = 0;
		while (position < end) {
			uint64_t hole_end = block < host->blocks ? min(host->block[block].start, end) : end;

			if (hole_end > position && add_area(&tdmrs[t], position, hole_end))
				return -1;
			position = max(position, hole_end);
			if (position == end)
				break;
			uint64_t memory_end = min(host->block[block].end, end);
			for (; chunk < busy->count && busy->ascending[chunk].start < memory_end; chunk++) {
				if (add_area(&tdmrs[t], max(busy->ascending[chunk].start, position),
					     min(busy->ascending[chunk].end, memory_end)))
					return -1;
				if (busy->ascending[chunk].end > memory_end)
					break;
			}
			position = memory_end;
			if (host->block[block].end <= end)
				block++;
		}
	}
	return 0;
}

/* Constructs again and again; returns how many pages the PAMTs have, or 0 where the host cannot be configured. */
uint64_t construct(const struct region *regions, int count, int times)
{
	static struct host host;
	static struct tdmr tdmrs[MAX_TDMRS];
	uint64_t pages = 0;

	for (int i = 0; i < times; i++) {
		struct chunks busy = {.count = 0};
		int tdmr_count;

		__asm__ volatile("" ::: "memory");
		if (build_host(&host, regions, count))
			return 0;
		tdmr_count = set_up_pamts(&host, &busy, tdmrs);
		if (tdmr_count < 0 || set_up_areas(&host, &busy, tdmrs, tdmr_count))
			return 0;
		pages = 0;
		for (int c = 0; c < busy.count; c++)
			pages += (busy.ascending[c].end - busy.ascending[c].start) / PAGE;
	}
	return pages;
}
