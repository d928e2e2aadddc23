using System.Diagnostics;
using System.Reflection;
using TdxPamt.Hosts;
using TdxPamt.Planning;
using TdxPamt.Simulation;

namespace TdxPamt.Tests.Faults;

/// <summary>Every public member is called with null, default, the least, the greatest and what other calls returned:
/// only the exceptions come out that it says it throws, and soon.</summary>
public class HostileValueTests
{
    private const int Rounds = 2;

    /// <summary>Above this size, in bytes, a search for plans takes a moment, and a trial as long as there are page
    /// blocks to lose: too long to be done hundreds of times.</summary>
    private const ulong Large = 1UL << 41;

    /// <summary>How often a member is called in a round; TDXPAMT_ITERATIONS raises it.</summary>
    private static readonly int MostCalls =
        int.TryParse(Environment.GetEnvironmentVariable("TDXPAMT_ITERATIONS"), out int given)
            ? Math.Max(150, given / 50)
            : 150;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly HostileValues _values = new();
    private readonly SortedDictionary<string, string> _surprises = new(StringComparer.Ordinal);
    private int _calls;
    private string _current = "";

    [Fact]
    public async Task every_public_member_throws_only_what_it_says_whatever_it_is_given()
    {
        Task calls = Task.Run(CallEverything);
        Task first = await Task.WhenAny(calls, Task.Delay(Soon * MostCalls));
        first.Should().BeSameAs(calls, "{0} should return", _current);
        await calls;

        _surprises.Should().BeEmpty();
        _calls.Should().BeGreaterThan(10_000);
    }

    [Fact]
    public void a_machine_of_all_addresses_is_planned_and_compared_soon()
    {
        HostDescription host = new("4 PiB", Machine.Of("0..4P", "0..4P"));
        Action plan = () =>
        {
            HostPlan.Create(host).IsConstructed.Should().BeTrue();
            HostComparison.Create(host, withHeadroom: true).Plans.Candidates.Count.Should().BePositive();
        };

        plan.ExecutionTime().Should().BeLessThan(Soon);
    }

    private void CallEverything()
    {
        Random random = new(1);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Type type in ApiDocs.Types.Where(static type =>
                !type.IsInterface && !type.IsEnum && !typeof(Delegate).IsAssignableFrom(type)))
            {
                foreach (Type closed in Closed(type))
                {
                    foreach (MethodBase method in ApiDocs.Methods(closed))
                        Call(Closed(method), random);
                }
            }
        }
    }

    /// <summary>A type, or lists of several things where it is the list.</summary>
    private static Type[] Closed(Type type) => type.IsGenericTypeDefinition
        ? [type.MakeGenericType(typeof(int)), type.MakeGenericType(typeof(AddressRange))]
        : [type];

    private static MethodBase Closed(MethodBase method) => method is MethodInfo { IsGenericMethodDefinition: true } open
        ? open.MakeGenericMethod(typeof(int))
        : method;

    private void Call(MethodBase method, Random random)
    {
        if (method.IsAbstract)
            return;
        // What is immutable stays so: a setter is given a copy.
        bool sets = method.Name.StartsWith("set_", StringComparison.Ordinal);
        MethodInfo? copy = sets ? method.DeclaringType!.GetMethod("<Clone>$") : null;
        List<List<object?>> choices = [];
        if (method is MethodInfo { IsStatic: false })
            choices.Add(_values.Receivers(method.DeclaringType!));
        choices.AddRange(method.GetParameters().Select(parameter =>
            parameter.IsOut ? [null] : _values.Arguments(parameter.ParameterType)));
        if (IsSearch(method.DeclaringType!))
        {
            choices.ForEach(static choice =>
                choice.RemoveAll(static value => value is HostMemory { RamBytes: > Large }));
        }

        long combinations = choices.Aggregate(
            1L, static (product, choice) => Math.Min(product * choice.Count, 1 << 20));
        Func<object?[], object?> invoke = Invoker.Of(method);
        for (long i = 0; i < Math.Min(combinations, MostCalls); i++)
        {
            long rest = i;
            object?[] arguments = [.. choices.Select(choice =>
            {
                long taken = combinations > MostCalls ? random.Next(choice.Count) : rest % choice.Count;
                rest /= choice.Count;
                return choice[(int)taken];
            })];
            if (copy is not null)
                arguments[0] = copy.Invoke(arguments[0], null);
            Call(method, invoke, arguments);
        }
    }

    private void Call(MethodBase method, Func<object?[], object?> invoke, object?[] arguments)
    {
        string name = $"{method.DeclaringType!.Name}.{method}";
        _current = $"{name} with ({string.Join(", ", arguments.Select(Text))})";
        _calls++;
        long start = Stopwatch.GetTimestamp();
        try
        {
            object? result = invoke(arguments);
            if (method.DeclaringType.Namespace!.StartsWith("TdxPamt", StringComparison.Ordinal)
                && !method.Name.StartsWith("set_", StringComparison.Ordinal))
            {
                _values.Keep(result);
                foreach (object? argument in arguments)
                    _values.Keep(argument is Array ? null : argument);
            }
        }
        catch (Exception exception)
        {
            HashSet<string> said = ApiDocs.Exceptions(method);
            if (!Types(exception.GetType()).Any(type => said.Contains(type.FullName!)))
                _surprises.TryAdd($"{name} throws {exception.GetType().Name}", $"{_current}: {exception}");
        }

        if (Stopwatch.GetElapsedTime(start) > Soon)
            _surprises.TryAdd($"{name} is slow", _current);
    }

    private static bool IsSearch(Type type) => type.Namespace == typeof(Fragmentation).Namespace
        || type.Namespace == typeof(MemoryPlan).Namespace || type.Namespace == typeof(HostPlan).Namespace;

    private static string Text(object? value)
    {
        try
        {
            return value switch
            {
                null => "null",
                string text => $"'{(text.Length > 20 ? text[..20] : text)}'",
                Array array => $"{array.Length} x {Text(array.Length == 0 ? null : array.GetValue(0))}",
                _ => value.ToString()!,
            };
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private static IEnumerable<Type> Types(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }
}
