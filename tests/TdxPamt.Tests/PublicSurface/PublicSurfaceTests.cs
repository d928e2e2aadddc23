using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TdxPamt.Tests.PublicSurface;

/// <summary>What holds for the whole public surface, so that it stays regular.</summary>
public partial class PublicSurfaceTests
{
    [Fact]
    public void every_class_is_sealed_or_static_or_open_to_this_library_alone() =>
        ShouldBeEmpty(ApiDocs.Types
            .Where(static type => type.IsClass && !type.IsSealed && type.GetConstructors(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(static constructor => constructor.IsPublic || constructor.IsFamily
                    || constructor.IsFamilyOrAssembly))
            .Select(static type => type.Name));

    [Fact]
    public void nothing_can_be_set_but_on_what_says_that_it_is_mutable() =>
        ShouldBeEmpty(ApiDocs.Types
            .Where(static type => !IsMutableValue(type))
            .SelectMany(static type => ApiDocs.Properties(type))
            .Where(static property => property.SetMethod is { IsPublic: true } setter
                && !setter.ReturnParameter.GetRequiredCustomModifiers()
                    .Any(static modifier => modifier.Name == "IsExternalInit"))
            .Select(Name));

    [Fact]
    public void no_field_can_be_set() =>
        ShouldBeEmpty(ApiDocs.Types
            .SelectMany(static type => type.GetFields(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(static field => !field.IsInitOnly && !field.IsLiteral && field.DeclaringType is { IsEnum: false })
            .Select(static field => $"{field.DeclaringType!.Name}.{field.Name}"));

    [Fact]
    public void no_property_hands_out_what_a_caller_could_change() =>
        ShouldBeEmpty(ApiDocs.Types
            .SelectMany(static type => ApiDocs.Properties(type))
            .Where(static property => property.PropertyType.IsArray
                || (property.PropertyType.IsConstructedGenericType
                    && property.PropertyType.Namespace!.StartsWith("System.Collections", StringComparison.Ordinal)
                    && !property.PropertyType.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
                    && !property.PropertyType.Name.StartsWith("IEnumer", StringComparison.Ordinal)))
            .Select(Name));

    [Fact]
    public void every_value_is_equatable_and_says_what_default_means() =>
        ShouldBeEmpty(ApiDocs.Types
            .Where(static type => type is { IsValueType: true, IsEnum: false })
            .Where(static type => !typeof(IEquatable<>).MakeGenericType(type).IsAssignableFrom(type)
                || !Remarks(type).Contains("default", StringComparison.Ordinal))
            .Select(static type => type.Name));

    // .NET Standard 2.0 lacks the attribute: there the compiler adds it to each assembly.
    [Fact]
    public void every_value_is_readonly_or_says_that_it_is_mutable() =>
        ShouldBeEmpty(ApiDocs.Types
            .Where(static type => type is { IsValueType: true, IsEnum: false } && !IsMutableValue(type)
                && type.CustomAttributes.All(static it => it.AttributeType.Name != nameof(IsReadOnlyAttribute)))
            .Select(static type => type.Name));

    [Fact]
    public void every_type_says_what_many_threads_may_do_with_it() =>
        ShouldBeEmpty(ApiDocs.Types
            .Where(static type => !type.IsEnum && !Threads().IsMatch(Remarks(type)))
            .Select(static type => type.Name));

    [Fact]
    public void every_64_bit_number_names_its_unit()
    {
        List<string> unnamed = [];
        foreach (Type type in ApiDocs.Types)
        {
            foreach (MethodBase method in ApiDocs.Methods(type).Where(static method => !method.IsSpecialName
                || method.IsConstructor))
            {
                unnamed.AddRange(method.GetParameters()
                    .Where(static parameter => Is64Bits(parameter.ParameterType))
                    .Where(parameter => !Unit().IsMatch(
                        $"{parameter.Name} {ApiDocs.Parameter(method, parameter.Name!)} "
                        + ApiDocs.Parameter(type, parameter.Name!)))
                    .Select(parameter => $"{type.Name}.{method.Name}({parameter.Name})"));
                if (method is MethodInfo { ReturnType: { } result } && Is64Bits(result)
                    && !Unit().IsMatch($"{method.Name} {ApiDocs.Text(method, "returns")}"))
                {
                    unnamed.Add($"{type.Name}.{method.Name}");
                }
            }

            unnamed.AddRange(ApiDocs.Properties(type)
                .Where(static property => Is64Bits(property.PropertyType))
                .Where(property => !Unit().IsMatch($"{property.Name} {ApiDocs.Text(property, "summary")} "
                    + ApiDocs.Parameter(type, property.Name)))
                .Select(Name));
        }

        ShouldBeEmpty(unnamed.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void every_public_member_is_documented_with_all_its_parameters()
    {
        List<string> missing = [];
        foreach (Type type in ApiDocs.Types)
        {
            if (!ApiDocs.Of(type).Any())
                missing.Add(type.Name);
            missing.AddRange(ApiDocs.Methods(type)
                .Where(static method => (method.IsConstructor || !method.IsSpecialName) && ApiDocs.Of(method).Any())
                .SelectMany(static method => method.GetParameters(), static (method, parameter) => (method, parameter))
                .Where(pair => ApiDocs.Parameter(pair.method, pair.parameter.Name!).Length == 0
                    && !ApiDocs.Of(pair.method).Elements("inheritdoc").Any())
                .Select(pair => $"{type.Name}.{pair.method.Name}({pair.parameter.Name})"));
        }

        ShouldBeEmpty(missing);
    }

    private static bool IsMutableValue(Type type) =>
        type.IsValueType && Remarks(type).Contains("A mutable value", StringComparison.Ordinal);

    private static bool Is64Bits(Type type)
    {
        Type number = type.IsByRef ? type.GetElementType()! : type;
        number = Nullable.GetUnderlyingType(number) ?? number;
        return number == typeof(ulong) || number == typeof(long);
    }

    private static string Remarks(Type type) => ApiDocs.Text(type, "remarks");

    private static string Name(PropertyInfo property) => $"{property.DeclaringType!.Name}.{property.Name}";

    private static void ShouldBeEmpty(IEnumerable<string> exceptions) => exceptions.Should().BeEmpty();

    [GeneratedRegex(
        @"Immutable|for many\s+threads|[Oo]ne\s+thread\s+at\s+a\s+time|many\s+threads\s+at\s+once|A mutable value",
        RegexOptions.None,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Threads();

    [GeneratedRegex(
        @"[Bb]ytes?|[Pp]ages?|Ki?B|MiB|GiB|address|blocks|\bbits?\b|lines?\b|trials?|[Ss]eed|[Hh]ow many|number",
        RegexOptions.None,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Unit();
}
