using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using TdxPamt.Hosts;

namespace TdxPamt.Tests.Support;

/// <summary>The public surface of the packages, and what its documentation says.</summary>
internal static class ApiDocs
{
    private static readonly Assembly[] Packages = [typeof(AddressRange).Assembly, typeof(HostPlan).Assembly];

    private static readonly Dictionary<string, XElement> Members = Packages
        .Select(static package => XDocument.Load(Path.ChangeExtension(package.Location, ".xml")))
        .SelectMany(static docs => docs.Descendants("member"))
        .GroupBy(static member => member.Attribute("name")!.Value, StringComparer.Ordinal)
        .ToDictionary(static named => named.Key, static named => named.First(), StringComparer.Ordinal);

    /// <summary>All public types, in the order of their names.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. Packages
        .SelectMany(static package => package.GetExportedTypes())
        .OrderBy(static type => type.FullName, StringComparer.Ordinal)];

    /// <summary>A type's public members, those that the compiler adds to records left out.</summary>
    public static IEnumerable<MethodBase> Methods(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .OfType<MethodBase>()
        .Where(static method => !method.Name.Contains('<', StringComparison.Ordinal))
        .OrderBy(static method => method.ToString(), StringComparer.Ordinal);

    public static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly);

    /// <summary>All that is said of a type, a method, a property or the method that an accessor belongs to.</summary>
    public static IEnumerable<XElement> Of(MemberInfo member)
    {
        MemberInfo definition = Definition(member);
        if (Members.TryGetValue(Id(definition), out XElement? own))
            yield return own;
        if (definition is not MethodBase { DeclaringType: { IsInterface: false } type } method)
            yield break;
        foreach (Type face in type.GetInterfaces().Where(static face => face.Assembly == typeof(AddressRange).Assembly))
        {
            foreach (MethodInfo inherited in face.GetMethods().Where(inherited => inherited.Name == method.Name))
            {
                if (Members.TryGetValue(Id(inherited), out XElement? element))
                    yield return element;
            }
        }
    }

    public static string Text(MemberInfo member, string element) => string.Join(
        ' ', Of(member).SelectMany(doc => doc.Elements(element)).Select(static part => string.Concat(part.Nodes())));

    public static string Parameter(MemberInfo member, string name) => string.Join(
        ' ',
        Of(member).SelectMany(static doc => doc.Elements("param"))
            .Where(param => param.Attribute("name")!.Value == name)
            .Select(static param => string.Concat(param.Nodes())));

    /// <summary>The names of the exceptions that a member says it throws.</summary>
    public static HashSet<string> Exceptions(MemberInfo member) => [.. Of(member)
        .SelectMany(static doc => doc.Elements("exception"))
        .Select(static exception => exception.Attribute("cref")!.Value[2..])];

    private static MemberInfo Definition(MemberInfo member)
    {
        if (member is MethodInfo { IsConstructedGenericMethod: true } closed)
            member = closed.GetGenericMethodDefinition();
        if (member.DeclaringType is { IsConstructedGenericType: true } type)
            member = type.Module.ResolveMember(member.MetadataToken)!;
        return member is MethodInfo { IsSpecialName: true } accessor
            ? Array.Find(
                accessor.DeclaringType!.GetProperties(),
                property => property.GetMethod == accessor || property.SetMethod == accessor) ?? member
            : member;
    }

    private static string Id(MemberInfo member) => member switch
    {
        Type type => $"T:{Name(type)}",
        PropertyInfo property =>
            $"P:{Name(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{Name(field.DeclaringType!)}.{field.Name}",
        ConstructorInfo constructor =>
            $"M:{Name(constructor.DeclaringType!)}.#ctor{Parameters(constructor.GetParameters())}",
        MethodInfo method =>
            $"M:{Name(method.DeclaringType!)}.{method.Name}{Arity(method)}{Parameters(method.GetParameters())}"
            + (method.Name is "op_Implicit" or "op_Explicit" ? $"~{Name(method.ReturnType)}" : ""),
        _ => "",
    };

    private static string Arity(MethodInfo method) => method.IsGenericMethodDefinition
        ? string.Create(CultureInfo.InvariantCulture, $"``{method.GetGenericArguments().Length}")
        : "";

    private static string Parameters(ParameterInfo[] parameters) => parameters.Length == 0
        ? ""
        : $"({string.Join(',', parameters.Select(static parameter => Name(parameter.ParameterType)))})";

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return $"{Name(type.GetElementType()!)}@";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        if (type.IsGenericParameter)
        {
            string owner = type.DeclaringMethod is null ? "`" : "``";
            return string.Create(CultureInfo.InvariantCulture, $"{owner}{type.GenericParameterPosition}");
        }

        string name = type.IsConstructedGenericType ? type.GetGenericTypeDefinition().FullName! : type.FullName!;
        return type.IsConstructedGenericType
            ? $"{name[..name.IndexOf('`', StringComparison.Ordinal)]}"
                + $"{{{string.Join(',', type.GetGenericArguments().Select(Name))}}}"
            : name.Replace('+', '.');
    }
}
