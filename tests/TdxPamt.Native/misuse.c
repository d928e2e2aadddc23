/* Everything that a caller can get wrong: each gives the code that tdxpamt.h names, and nothing crashes or leaks. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tdxpamt.h"

static const char document[] =
    "{\"name\":\"small\",\"memory\":[{\"start\":\"0x100000\",\"end\":\"0x100000000\",\"node\":0}],"
    "\"cmrs\":[{\"start\":\"0x100000\",\"end\":\"0x100000000\"}]}";

static int failures;

static void expect(int line, const char *what, tdxpamt_result expected, tdxpamt_result actual)
{
    int says_why = tdxpamt_last_error()[0] != '\0';
    if (expected == actual && says_why == (actual != TDXPAMT_OK && actual != TDXPAMT_NEGATIVE))
        return;
    if (expected == actual && actual == TDXPAMT_NEGATIVE)
        return;
    printf("misuse.c:%d: %s: expected %d, was %d: %s\n", line, what, expected, actual, tdxpamt_last_error());
    failures++;
}

#define EXPECT(expected, call) expect(__LINE__, #call, expected, call)
#define CHECK(condition) ((condition) ? (void)0 : (void)(failures++, printf("misuse.c:%d: %s\n", __LINE__, #condition)))

static int no_pages(void *context, uint64_t pages, const int32_t *nodes, size_t count, uint64_t *address)
{
    (void)pages;
    (void)nodes;
    (void)count;
    (void)address;
    return *(int *)context;
}

static void no_free(void *context, uint64_t address, uint64_t pages)
{
    (void)address;
    (void)pages;
    ++*(int *)context;
}

static int off_the_machine(void *context, uint64_t pages, const int32_t *nodes, size_t count, uint64_t *address)
{
    (void)no_pages(context, pages, nodes, count, address);
    *address = 0x200000000;
    return 1;
}

static int no_read(void *context, uint64_t address, void *destination, size_t length)
{
    (void)context;
    (void)address;
    memset(destination, 0, length);
    return 5;
}

static int no_write(void *context, uint64_t address, const void *source, size_t length)
{
    (void)context;
    (void)address;
    (void)source;
    (void)length;
    return 6;
}

static int no_clear(void *context, uint64_t address, uint64_t length)
{
    (void)context;
    (void)address;
    (void)length;
    return 7;
}

static void texts(void)
{
    tdxpamt_text text = 42;
    const char *data = document;
    size_t length = 7;
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_plan(NULL, 1, NULL, NULL, &text));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_plan(document, (size_t)1 << 31, NULL, NULL, &text));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_plan(document, (size_t)-1, NULL, NULL, &text));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_plan(document, strlen(document), NULL, NULL, NULL));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(NULL, 0, NULL, NULL, &text));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(document, strlen(document) - 1, "half", NULL, &text));
    CHECK(strncmp(tdxpamt_last_error(), "half", 4) == 0);
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(document, strlen(document), NULL, "{\"kernel\":\"fox\"}", &text));
    CHECK(strncmp(tdxpamt_last_error(), "options: kernel: it must be one of", 34) == 0);
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(document, strlen(document), NULL, "{\"headroom\":true}", &text));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(document, strlen(document), NULL, "[1", &text));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_plan(document, strlen(document), "\xff\xfe\x1b[31m", "null", &text));
    CHECK(strchr(tdxpamt_last_error(), '\x1b') == NULL);
    CHECK(text == 42);
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_text_read(0, &data, &length));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_text_read(42, &data, &length));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_text_free(0));
    CHECK(data == document && length == 7);

    EXPECT(TDXPAMT_OK, tdxpamt_plan(document, strlen(document), "name", "", &text));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_text_read(text, NULL, &length));
    EXPECT(TDXPAMT_OK, tdxpamt_text_read(text, &data, NULL));
    EXPECT(TDXPAMT_OK, tdxpamt_text_read(text, &data, &length));
    CHECK(strlen(data) == length && strstr(data, "\"status\":\"constructed\"") != NULL);
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_host_free(text));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_module_free(text));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_construction_free(text));
    EXPECT(TDXPAMT_OK, tdxpamt_text_free(text));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_text_free(text));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_text_read(text, &data, &length));
}

static void every_command(void)
{
    tdxpamt_result (*const commands[])(const void *, size_t, const char *, const char *, tdxpamt_text *) = {
        tdxpamt_plan, tdxpamt_compare, tdxpamt_simulate, tdxpamt_cost, tdxpamt_doctor, tdxpamt_check,
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        tdxpamt_text text;
        EXPECT(TDXPAMT_BAD_ARGUMENT, commands[i](document, strlen(document), NULL, NULL, NULL));
        EXPECT(TDXPAMT_BAD_INPUT, commands[i]("fox", 3, NULL, NULL, &text));
        EXPECT(TDXPAMT_BAD_INPUT, commands[i](document, strlen(document), NULL, "{\"fox\":1}", &text));
        if (commands[i] == tdxpamt_check)
            continue;
        tdxpamt_result result = commands[i](document, strlen(document), NULL, NULL, &text);
        CHECK(result == TDXPAMT_OK || result == TDXPAMT_NEGATIVE);
        EXPECT(TDXPAMT_OK, tdxpamt_text_free(text));
    }
}

static void hosts(void)
{
    tdxpamt_host host = 42;
    tdxpamt_region region = { { 0x100000, 0x100000000 }, 0, 0 };
    tdxpamt_region wrong[] = { { { 0x1001, 0x2000 }, 0, 0 }, { { 0x2000, 0x1000 }, 0, 0 }, { { 0x1000, 0x1000 }, 0, 0 },
        { { 0x1000, (uint64_t)-1 }, 0, 0 }, { { 0x1000, 0x2000 }, 1024, 0 }, { { 0x1000, 0x2000 }, (uint32_t)-1, 0 } };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_create(&wrong[i], 1, NULL, 0, &host));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_create(NULL, 1, NULL, 0, &host));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_create(&region, (size_t)-1, NULL, 0, &host));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_create(&region, 1, NULL, 1, &host));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_create(&region, 1, NULL, 0, NULL));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_host_read(document, strlen(document), NULL, NULL));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_host_read("fox", 3, NULL, &host));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_host_free(42));
    CHECK(host == 42);
}

static void constructions(void)
{
    tdxpamt_host host, mute;
    tdxpamt_construction construction = 42;
    EXPECT(TDXPAMT_OK, tdxpamt_host_read(document, strlen(document), "host", &host));
    EXPECT(TDXPAMT_OK, tdxpamt_host_create(NULL, 0, NULL, 0, &mute));
    int returned = 0;
    tdxpamt_allocator allocator = { &returned, no_pages, no_free };
    EXPECT(TDXPAMT_NEGATIVE, tdxpamt_construct(host, NULL, &allocator, NULL, NULL, &construction));
    CHECK(strstr(tdxpamt_last_error(), "TDMR [0x0, 0x100000000)") != NULL);
    EXPECT(TDXPAMT_NEGATIVE, tdxpamt_construct(mute, NULL, &allocator, NULL, NULL, &construction));
    returned = -9;
    EXPECT(TDXPAMT_CALLBACK_FAILED, tdxpamt_construct(host, NULL, &allocator, NULL, NULL, &construction));
    CHECK(strstr(tdxpamt_last_error(), "allocator->allocate returned -9") != NULL);
    returned = 0;
    allocator.allocate = off_the_machine;
    EXPECT(TDXPAMT_CALLBACK_FAILED, tdxpamt_construct(host, NULL, &allocator, NULL, NULL, &construction));
    CHECK(returned == 1);
    allocator.free = NULL;
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construct(host, NULL, &allocator, NULL, NULL, &construction));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construct(host, NULL, NULL, NULL, NULL, NULL));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_construct(host, "{\"strategy\":\"fox\"}", NULL, NULL, NULL, &construction));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_construct(0, NULL, NULL, NULL, NULL, &construction));
    CHECK(construction == 42);

    size_t count = 7, written = 7;
    uint64_t kib;
    char block[512];
    tdxpamt_tdmr tdmr;
    tdxpamt_area areas[16];
    EXPECT(TDXPAMT_OK, tdxpamt_construct(host, NULL, NULL, NULL, NULL, &construction));
    EXPECT(TDXPAMT_OK, tdxpamt_host_free(host));
    EXPECT(TDXPAMT_OK, tdxpamt_construction_tdmrs(construction, NULL, 0, &count));
    CHECK(count == 1);
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construction_tdmrs(construction, NULL, 1, &count));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construction_tdmrs(construction, &tdmr, 1, NULL));
    EXPECT(TDXPAMT_OK, tdxpamt_construction_tdmrs(construction, &tdmr, (size_t)-1, &count));
    EXPECT(TDXPAMT_OK, tdxpamt_construction_areas(construction, 0, areas, 16, &count));
    CHECK(count == tdmr.reserved_areas && count > 1);
    EXPECT(TDXPAMT_TOO_SMALL, tdxpamt_construction_areas(construction, 0, areas, 1, &count));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construction_areas(construction, 1, areas, 16, &count));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construction_areas(construction, (size_t)-1, areas, 16, &count));
    EXPECT(TDXPAMT_TOO_SMALL, tdxpamt_construction_tdmr_info(construction, block, 511, &written));
    CHECK(written == 512);
    EXPECT(TDXPAMT_OK, tdxpamt_construction_tdmr_info(construction, block, 512, &written));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_construction_pamt_kib(construction, NULL));
    EXPECT(TDXPAMT_OK, tdxpamt_construction_pamt_kib(construction, &kib));
    CHECK(kib * 1024 == tdmr.pamt[0].size + tdmr.pamt[1].size + tdmr.pamt[2].size);
    EXPECT(TDXPAMT_OK, tdxpamt_construction_free(construction));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_construction_free(construction));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_construction_tdmrs(construction, &tdmr, 1, &count));
    EXPECT(TDXPAMT_OK, tdxpamt_host_free(mute));
}

static void modules(void)
{
    tdxpamt_host host;
    tdxpamt_module module = 42, next = 42;
    tdxpamt_registers registers = { .rax = 33 };
    tdxpamt_memory memory = { NULL, no_read, no_write, no_clear };
    EXPECT(TDXPAMT_OK, tdxpamt_host_read(document, strlen(document), "host", &host));
    EXPECT(TDXPAMT_BAD_INPUT, tdxpamt_module_create(host, "{\"release\":\"9.9.99\"}", NULL, &module));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_create(host, "{\"keyIdBits\":99}", NULL, &module));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_create(host, "{\"packageOfProcessor\":[]}", NULL, &module));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_create(host, NULL, NULL, NULL));
    memory.clear = NULL;
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_create(host, NULL, &memory, &module));
    memory.clear = no_clear;
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_module_create(0, NULL, NULL, &module));
    CHECK(module == 42);

    EXPECT(TDXPAMT_OK, tdxpamt_module_create(host, "{\"packageOfProcessor\":[0,0]}", &memory, &module));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_seamcall(module, 0, NULL));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_seamcall(module, 2, &registers));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_seamcall(module, (uint32_t)-1, &registers));
    EXPECT(TDXPAMT_OK, tdxpamt_module_seamcall(module, 0, &registers));
    CHECK(registers.rax == 0);
    registers = (tdxpamt_registers){ .rax = 35 };
    EXPECT(TDXPAMT_OK, tdxpamt_module_seamcall(module, 0, &registers));
    registers = (tdxpamt_registers){ .rax = 37, .rdx = 0x10000, .r8 = (uint64_t)-1 };
    EXPECT(TDXPAMT_CALLBACK_FAILED, tdxpamt_module_seamcall(module, 0, &registers));
    CHECK(strstr(tdxpamt_last_error(), "memory->write returned 6 for address 0x10000") != NULL);
    registers = (tdxpamt_registers){ .rax = (uint64_t)-1 };
    EXPECT(TDXPAMT_OK, tdxpamt_module_seamcall(module, 1, &registers));
    CHECK(registers.rax != 0);
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_update(module, NULL, &next));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_update(module, "9.9.99", &next));
    EXPECT(TDXPAMT_BAD_ARGUMENT, tdxpamt_module_update(module, NULL, NULL));
    CHECK(next == 42);
    EXPECT(TDXPAMT_OK, tdxpamt_module_free(module));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_module_seamcall(module, 0, &registers));
    EXPECT(TDXPAMT_BAD_HANDLE, tdxpamt_module_free(module));
    EXPECT(TDXPAMT_OK, tdxpamt_host_free(host));
}

static void *plan_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 200; i++) {
        tdxpamt_text text;
        if (tdxpamt_plan("fox", 3, "own", NULL, &text) != TDXPAMT_BAD_INPUT || strncmp(tdxpamt_last_error(), "own", 3))
            return "last_error mixes threads";
        if (tdxpamt_plan(document, strlen(document), NULL, NULL, &text) != TDXPAMT_OK
            || tdxpamt_text_free(text) != TDXPAMT_OK)
            return "planning fails beside other threads";
    }
    return NULL;
}

static void threads(void)
{
    pthread_t started[8];
    for (size_t i = 0; i < 8; i++)
        pthread_create(&started[i], NULL, plan_often, NULL);
    for (size_t i = 0; i < 8; i++) {
        void *fault;
        pthread_join(started[i], &fault);
        if (fault != NULL) {
            printf("misuse.c: %s\n", (const char *)fault);
            failures++;
        }
    }
}

/* What must be noticed, or nothing is checked: the count of open objects sees the one, AddressSanitizer the other. */
static int do_wrong(const char *fault)
{
    tdxpamt_text text;
    const char *data;
    size_t length;
    tdxpamt_plan(document, strlen(document), NULL, NULL, &text);
    tdxpamt_text_read(text, &data, &length);
    if (strcmp(fault, "use-after-free") == 0) {
        tdxpamt_text_free(text);
        return data[0] == '{';
    }
    return tdxpamt_open_objects() != 0;
}

int main(int count, char **arguments)
{
    if (count > 1)
        return do_wrong(arguments[1]);
    CHECK(tdxpamt_version()[0] == '0');
    CHECK(tdxpamt_last_error()[0] == '\0');
    texts();
    every_command();
    hosts();
    constructions();
    modules();
    threads();
    CHECK(tdxpamt_open_objects() == 0);
    return failures != 0;
}
