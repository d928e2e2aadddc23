/* libtdxpamt: how a Linux host gives memory to Intel's TDX module, for C and whatever calls C.
 *
 * The rules are those of docs/model.md; the JSON is that of the command tdxpamt (docs/command.md). See docs/c.md.
 *
 * Objects. A text, a host, a construction and a module are numbers that the library gives out, never 0. Each is freed
 * by the function of its kind. A number that was freed, or never given out, is answered with TDXPAMT_BAD_HANDLE.
 *
 * Errors. A function returns a tdxpamt_result. Where that is not TDXPAMT_OK, tdxpamt_last_error says why in one line.
 * A function that fails leaves what its last parameters point at as it was. TDXPAMT_NEGATIVE is an answer, no failure.
 *
 * Threads. Any function may be called from any thread. Different objects may be used at the same time. So may one
 * text, host or module; a module's memory callbacks are then called from as many threads. A construction may be read by
 * many threads, and is freed by one when no other uses it.
 *
 * Callbacks get the context that came with them, must return normally (no longjmp, no C++ exception), and may call any
 * function of this library but those that free the object they belong to.
 *
 * Text is UTF-8. Addresses and sizes are in bytes, below 2^52; ends are exclusive. */
#ifndef TDXPAMT_H
#define TDXPAMT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tdxpamt_result {
    TDXPAMT_OK = 0,              /* done; the answer is yes */
    TDXPAMT_NEGATIVE = 1,        /* answered, and the command's exit code would be 1: it fails, or is rejected */
    TDXPAMT_BAD_INPUT = 2,       /* the input cannot be read, or contradicts itself */
    TDXPAMT_BAD_ARGUMENT = 3,    /* a null pointer, a wrong length or count, an option that does not exist */
    TDXPAMT_BAD_HANDLE = 4,      /* no such object: freed, or of another kind */
    TDXPAMT_TOO_SMALL = 5,       /* there is more than there is room for; the count says how much */
    TDXPAMT_CALLBACK_FAILED = 6, /* a callback of the caller's said that it failed */
    TDXPAMT_INTERNAL = 7         /* a fault of this library: please report it with tdxpamt_last_error */
} tdxpamt_result;

typedef uint64_t tdxpamt_text;         /* an answer, mostly JSON */
typedef uint64_t tdxpamt_host;         /* a machine's memory, with what is known of its kernel and module */
typedef uint64_t tdxpamt_construction; /* TDMRs, which hold the pages of their PAMTs */
typedef uint64_t tdxpamt_module;       /* a TDX module */

/* ---- The library ---------------------------------------------------------------------------------------------- */

/* The version, such as "0.1.0". Never null; valid for ever. */
const char *tdxpamt_version(void);

/* Why the last function that this thread called failed, in one line; "" where it did not. Never null; valid until
 * this thread calls the library again. */
const char *tdxpamt_last_error(void);

/* How many objects were given out and not yet freed: 0 at the end of a program without a leak. */
size_t tdxpamt_open_objects(void);

/* ---- Texts ---------------------------------------------------------------------------------------------------- */

/* A text's bytes, which end with a NUL that the length does not count. Valid until the text is freed. */
tdxpamt_result tdxpamt_text_read(tdxpamt_text text, const char **data, size_t *length);
tdxpamt_result tdxpamt_text_free(tdxpamt_text text);

/* ---- The command's answers, as JSON --------------------------------------------------------------------------- */

/* Each takes an input as the command does - a boot log, /proc/iomem, a collected machine or a host document, for
 * tdxpamt_check a plan - and gives the document that `tdxpamt NAME --format json` prints, on one line.
 *   input, length  the bytes; null only with length 0
 *   name           the input's name, for messages and where it names no host; null: "input"
 *   options        a JSON object, such as {"kernel":"cmr-holes","maxReservedAreas":16}; null: none. docs/c.md has all
 *   answer         gets the answer where the result is TDXPAMT_OK or TDXPAMT_NEGATIVE; the caller frees it */
tdxpamt_result tdxpamt_plan(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);
tdxpamt_result tdxpamt_check(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);
tdxpamt_result tdxpamt_compare(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);
tdxpamt_result tdxpamt_simulate(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);
tdxpamt_result tdxpamt_cost(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);
tdxpamt_result tdxpamt_doctor(
    const void *input, size_t length, const char *name, const char *options, tdxpamt_text *answer);

/* ---- Hosts ---------------------------------------------------------------------------------------------------- */

typedef struct tdxpamt_range {
    uint64_t start; /* a multiple of 4096 */
    uint64_t end;   /* exclusive, above start, a multiple of 4096 */
} tdxpamt_range;

typedef struct tdxpamt_region {
    tdxpamt_range range;
    uint32_t node;     /* its NUMA node, 0 to 1023 */
    uint32_t reserved; /* 0 */
} tdxpamt_region;

/* Reads a host from any input of tdxpamt_plan. */
tdxpamt_result tdxpamt_host_read(
    const void *input, size_t length, const char *name, tdxpamt_host *host);

/* Describes a host by its RAM and its CMRs, each in any order, without overlaps. Without CMRs (null, 0) nothing is
 * known of what is convertible. */
tdxpamt_result tdxpamt_host_create(
    const tdxpamt_region *memory, size_t regions, const tdxpamt_range *cmrs, size_t cmr_count, tdxpamt_host *host);
tdxpamt_result tdxpamt_host_free(tdxpamt_host host);

/* ---- TDMRs, with the caller's pages --------------------------------------------------------------------------- */

/* Hands out physically contiguous pages. A construction calls it once per TDMR, in ascending order of TDMRs, and frees
 * in the reverse order, always from the thread that constructs or frees. */
typedef struct tdxpamt_allocator {
    void *context;
    /* Takes `pages` 4 KiB pages in a row, preferably of nodes[0], else of the next ones in order; puts the physical
     * address of the first, a multiple of 4096 and not 0, where `address` points, and returns 1; returns 0 where no
     * node has them, and a negative number where the allocator itself fails. */
    int (*allocate)(void *context, uint64_t pages, const int32_t *nodes, size_t node_count, uint64_t *address);
    /* Takes a chunk back, as it was handed out. */
    void (*free)(void *context, uint64_t address, uint64_t pages);
} tdxpamt_allocator;

typedef enum tdxpamt_log_level {
    TDXPAMT_LOG_DEBUG = 1, TDXPAMT_LOG_INFO = 2, TDXPAMT_LOG_WARNING = 3, TDXPAMT_LOG_ERROR = 4
} tdxpamt_log_level;

/* Gets what the kernel would print, one line without its end. */
typedef void (*tdxpamt_log)(void *context, tdxpamt_log_level level, const char *message);

typedef struct tdxpamt_pamt {
    uint64_t base;
    uint64_t size;
} tdxpamt_pamt;

typedef struct tdxpamt_tdmr {
    uint64_t base;           /* a multiple of 1 GiB */
    uint64_t size;           /* a multiple of 1 GiB */
    tdxpamt_pamt pamt[3];    /* for pages of 4K, 2M and 1G, one after the other */
    uint32_t node;           /* where its PAMTs were wanted */
    uint32_t reserved_areas; /* how many it has */
} tdxpamt_tdmr;

typedef enum tdxpamt_area_source { TDXPAMT_AREA_HOLE = 0, TDXPAMT_AREA_PAMT = 1 } tdxpamt_area_source;

typedef struct tdxpamt_area {
    uint64_t offset; /* from the TDMR's base */
    uint64_t size;
    uint32_t source; /* a tdxpamt_area_source */
    uint32_t reserved;
} tdxpamt_area;

/* Builds the TDMRs of a host as its kernel does. On TDXPAMT_NEGATIVE the host cannot be configured, everything that was
 * allocated is freed again, there is no construction, and tdxpamt_last_error has the kernel's reason.
 *   options      {"kernel": ..., "dynamicPamt": ..., "maxTdmrs": ..., "maxReservedAreas": ...}; null: the host's own
 *   allocator    null: the pages that Linux would take on the host
 *   log          null: no log */
tdxpamt_result tdxpamt_construct(
    tdxpamt_host host, const char *options, const tdxpamt_allocator *allocator, tdxpamt_log log, void *log_context,
    tdxpamt_construction *construction);

/* Copies at most `capacity` TDMRs, in ascending order, and says how many there are. TDXPAMT_TOO_SMALL where there are
 * more: as many as fit are copied then. Null with capacity 0 asks for the count. */
tdxpamt_result tdxpamt_construction_tdmrs(
    tdxpamt_construction construction, tdxpamt_tdmr *tdmrs, size_t capacity, size_t *count);

/* The same for the reserved areas of one TDMR, in ascending order. */
tdxpamt_result tdxpamt_construction_areas(
    tdxpamt_construction construction, size_t tdmr, tdxpamt_area *areas, size_t capacity, size_t *count);

/* Writes the TDMR_INFO blocks that TDH.SYS.CONFIG takes, 512 bytes each, in ascending order. `size` is that of the
 * buffer, `written` gets the number of bytes that they take. */
tdxpamt_result tdxpamt_construction_tdmr_info(
    tdxpamt_construction construction, void *buffer, size_t size, size_t *written);

/* How many KiB were allocated for PAMTs: what the kernel prints at the end. */
tdxpamt_result tdxpamt_construction_pamt_kib(tdxpamt_construction construction, uint64_t *kib);

/* Frees the pages of all PAMTs, in the reverse order, and the construction. No module may use them any more. */
tdxpamt_result tdxpamt_construction_free(tdxpamt_construction construction);

/* ---- The TDX module ------------------------------------------------------------------------------------------- */

/* The machine's memory. Each function returns 0, or another number where it failed: the SEAMCALL is then answered with
 * TDXPAMT_CALLBACK_FAILED. They are called from as many threads at once as call the module. */
typedef struct tdxpamt_memory {
    void *context;
    int (*read)(void *context, uint64_t address, void *destination, size_t length);
    int (*write)(void *context, uint64_t address, const void *source, size_t length);
    int (*clear)(void *context, uint64_t address, uint64_t length); /* writes zeros */
} tdxpamt_memory;

/* In: the leaf in RAX, operands. Out: the completion status in RAX, results. Any 64 bits are legal in each. */
typedef struct tdxpamt_registers {
    uint64_t rax, rcx, rdx, r8, r9, r10, r11, r12, r13;
} tdxpamt_registers;

/* A module on a host's CMRs, just loaded: TDH.SYS.INIT is due.
 *   options  {"release": "1.5.25", "packageOfProcessor": [0, 0], "keyIdBits": 6, ...}; null: none. docs/c.md has all
 *   memory   the machine's memory; null: memory of its own, which holds zeros at first */
tdxpamt_result tdxpamt_module_create(
    tdxpamt_host host, const char *options, const tdxpamt_memory *memory, tdxpamt_module *module);

/* Makes a SEAMCALL on a processor, from 0. TDXPAMT_OK means that the call was made: its status is in RAX. */
tdxpamt_result tdxpamt_module_seamcall(
    tdxpamt_module module, uint32_t processor, tdxpamt_registers *registers);

/* Loads the next module over the same memory after TDH.SYS.SHUTDOWN: TDH.SYS.UPDATE then takes over what the last one
 * left. `release` is that of the next; null: the same. The last module stays to be freed. */
tdxpamt_result tdxpamt_module_update(tdxpamt_module last, const char *release, tdxpamt_module *next);
tdxpamt_result tdxpamt_module_free(tdxpamt_module module);

#ifdef __cplusplus
}
#endif

#endif
