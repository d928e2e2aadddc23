using System.Buffers;
using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Support;

/// <summary>Values at and beyond the ends of every type; it keeps what calls return, to use it in others.</summary>
internal sealed class HostileValues
{
    private const int MostOfAType = 6;

    private static readonly object?[] Known =
    [
        0UL, 1UL, 4095UL, 4096UL, 1UL << 20, 1UL << 30, (1UL << 52) - 4096, (1UL << 52) - 1, 1UL << 52, 1UL << 63,
        ulong.MaxValue - 4095, ulong.MaxValue,
        0, 1, -1, 63, 1024, int.MinValue, int.MaxValue,
        0L, 1L, -1L, long.MinValue, long.MaxValue,
        0U, uint.MaxValue, (ushort)0, ushort.MaxValue, (byte)0, byte.MaxValue,
        0.0, 0.5, 1.0, -1.0, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon,
        false, true, "", "x", "mainline", "linux", "{}\n", "\0\uD800", new string('9', 5000),
        default(CancellationToken), NullLogger.Instance, FirstBlockNodeLookup.Instance, PlanOrder.Instance,
        Machine.Of("1M..2G, 4G..6G@1", "0..8G"), Machine.Of(""), Machine.Of("0..1T", "0..1T"),
        Machine.Of("0..4P", "0..4P"),
        Machine.Of("4G-4K..4G+4K@1023", "4G-8K..4G+4K", "4G..4G+4K"),
        new ModuleParameters(), new ModuleParameters { MaxTdmrs = 1, MaxReservedAreas = 1 },
        new ModuleParameters { PamtEntrySizes = new(65535, 65535, 65535), DynamicPamt = true },
        new SimulationOptions { Trials = 1 }, new SimulationOptions { Trials = 20, Threads = 2 },
        Fragmentation.None, Fragmentation.Uniform(1), Fragmentation.Uniform(0.5, 1e300), Fragmentation.FromZones([]),
        .. KernelModel.All, .. AllocatorPolicy.All,
    ];

    private readonly Dictionary<Type, List<object?>> _kept = [];

    public HostileValues()
    {
        foreach (object? value in Known)
            Keep(value, most: int.MaxValue);
    }

    /// <summary>Keeps a value that a call gave, for its type and the interfaces of this library that it has.</summary>
    public void Keep(object? value, int most = MostOfAType)
    {
        if (value is null)
            return;
        foreach (Type type in value.GetType().GetInterfaces().Append(value.GetType()).Append(value.GetType().BaseType!))
        {
            if (type == typeof(object) || type == typeof(ValueType) || (type.IsGenericType && type.IsInterface))
                continue;
            if (!_kept.TryGetValue(type, out List<object?>? values))
                _kept[type] = values = [];
            if (values.Count < most && !values.Contains(value))
                values.Add(value);
        }
    }

    /// <summary>What there is of a type, the receiver of a call: never null.</summary>
    public List<object?> Receivers(Type type)
    {
        List<object?> values = _kept.TryGetValue(type, out List<object?>? kept) ? [.. kept] : [];
        if (type is { IsValueType: true, IsGenericTypeDefinition: false })
            values.Add(Activator.CreateInstance(type));
        return values;
    }

    /// <summary>Values for a parameter, null among them where that can be.</summary>
    public List<object?> Arguments(Type type)
    {
        if (type.IsByRef)
            type = type.GetElementType()!;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return [.. Arguments(underlying), null];
        if (type.IsEnum)
        {
            return
            [
                .. Enum.GetValues(type).Cast<object?>(),
                .. new[] { int.MinValue, -1, 99, int.MaxValue }.Select(value =>
                    Enum.ToObject(type, unchecked((uint)value))),
            ];
        }

        if (type.IsByRefLike)
            return [.. Arrays(type.GetGenericArguments()[0])];
        if (type == typeof(SimulationOptions))
            return [.. Receivers(type).Where(static options => options is SimulationOptions { Trials: <= 20 })];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            return [null, .. Arrays(type.GetGenericArguments()[0])];
        List<object?> values = Receivers(type);
        if (type == typeof(Stream))
        {
            MemoryStream lines = new();
            lines.Write([1, 2, 10, 123, 125, 10]);
            lines.Position = 0;
            values.AddRange([new MemoryStream(), lines, Stream.Null]);
        }

        if (type == typeof(IBufferWriter<byte>))
            values.Add(new ArrayBufferWriter<byte>());
        if (type == typeof(Utf8JsonWriter))
            values.Add(new Utf8JsonWriter(new ArrayBufferWriter<byte>(), new() { SkipValidation = true }));
        if (!type.IsValueType)
            values.Add(null);
        return values;
    }

    private IEnumerable<Array> Arrays(Type element)
    {
        yield return Array.CreateInstance(element, 0);
        List<object?> values = element.IsByRefLike ? [] : Arguments(element);
        foreach (object? value in values)
            yield return Filled(element, 1, value);
        foreach (int length in (int[])[3, 65, 512, 4096])
            yield return Filled(element, length, values.FirstOrDefault(static value => value is not null));
        if (values.Count == 0)
            yield break;
        Array mixed = Array.CreateInstance(element, values.Count);
        ((IList)values).CopyTo(mixed, 0);
        yield return mixed;
    }

    private static Array Filled(Type element, int length, object? value)
    {
        Array array = Array.CreateInstance(element, length);
        for (int i = 0; i < length; i++)
            array.SetValue(value, i);
        return array;
    }
}
