/* Plans a boot log, builds the machine's TDMRs on pages of this program's own, and puts a TDX module behind SEAMCALL.
 *   cc -Wall -Wextra plan.c -o plan -ltdxpamt && ./plan boot.log */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tdxpamt.h"

/* Says why a call failed and ends; a program of your own would free its objects first. */
static void must(tdxpamt_result result, const char *what)
{
    if (result == TDXPAMT_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, tdxpamt_last_error());
    exit(1);
}

/* An allocator that hands out pages upwards from an address. */
static int allocate(void *context, uint64_t pages, const int32_t *nodes, size_t node_count, uint64_t *address)
{
    uint64_t *next = context;
    (void)nodes;
    (void)node_count;
    *address = *next;
    *next += pages * 4096;
    return 1;
}

static void release(void *context, uint64_t address, uint64_t pages)
{
    (void)context;
    printf("freed %" PRIu64 " pages at 0x%" PRIx64 "\n", pages, address);
}

static void say(void *context, tdxpamt_log_level level, const char *message)
{
    (void)context;
    if (level >= TDXPAMT_LOG_INFO)
        printf("virt/tdx: %s\n", message);
}

/* What a simulator does on the SEAMCALL instruction. */
static uint64_t seamcall(tdxpamt_module module, uint64_t leaf, uint64_t rcx, uint64_t rdx, uint64_t r8)
{
    tdxpamt_registers registers = { .rax = leaf, .rcx = rcx, .rdx = rdx, .r8 = r8 };
    must(tdxpamt_module_seamcall(module, 0, &registers), "SEAMCALL");
    printf("SEAMCALL %" PRIu64 ": 0x%" PRIx64 "\n", leaf, registers.rax);
    return registers.rax;
}

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    size_t room = 64 << 20;
    char *bytes = malloc(room);
    if (file == NULL || bytes == NULL) {
        perror(path);
        exit(1);
    }
    *length = fread(bytes, 1, room, file);
    fclose(file);
    return bytes;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: plan LOG\n");
        return 2;
    }

    /* The plan, as `tdxpamt plan --format json` prints it. */
    size_t length;
    char *log = read_file(arguments[1], &length);
    tdxpamt_text plan;
    tdxpamt_result result = tdxpamt_plan(log, length, "boot.log", "{\"kernel\":\"mainline\"}", &plan);
    if (result != TDXPAMT_NEGATIVE)
        must(result, "plan");
    const char *json;
    must(tdxpamt_text_read(plan, &json, &length), "read");
    printf("%.64s...\n", json);
    must(tdxpamt_text_free(plan), "free");
    free(log);

    /* A machine of 4 GiB, whose PAMTs lie where this program's pages are. */
    tdxpamt_region memory = { { 0x100000, 0x100000000 }, 0, 0 };
    tdxpamt_host host;
    must(tdxpamt_host_create(&memory, 1, &memory.range, 1, &host), "host");
    uint64_t next = 0x80000000;
    tdxpamt_allocator allocator = { &next, allocate, release };
    tdxpamt_construction construction;
    must(tdxpamt_construct(host, NULL, &allocator, say, NULL, &construction), "construct");
    tdxpamt_tdmr tdmr;
    size_t tdmrs;
    must(tdxpamt_construction_tdmrs(construction, &tdmr, 1, &tdmrs), "TDMRs");
    printf("%zu TDMR at 0x%" PRIx64 " with %u reserved areas\n", tdmrs, tdmr.base, tdmr.reserved_areas);

    /* A module on that machine, which is initialised on its one processor and reads a field. */
    tdxpamt_module module;
    must(tdxpamt_module_create(host, "{\"release\":\"1.5.25\"}", NULL, &module), "module");
    seamcall(module, 33, 0, 0, 0);                  /* TDH.SYS.INIT */
    seamcall(module, 35, 0, 0, 0);                  /* TDH.SYS.LP.INIT */
    seamcall(module, 34, 0, 0x9100000100000008, 0); /* TDH.SYS.RD of MAX_TDMRS */

    must(tdxpamt_module_free(module), "free");
    must(tdxpamt_construction_free(construction), "free");
    must(tdxpamt_host_free(host), "free");
    return tdxpamt_open_objects() == 0 ? 0 : 1;
}
