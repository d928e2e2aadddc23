namespace Microsoft.CodeAnalysis;

/// <summary>Hides a type from other assemblies, even from those that see internal types: the compiler knows the
/// attribute by its name. Every type here has it, because a program that sees the internals of both packages would see
/// each type twice.</summary>
[Embedded]
[AttributeUsage(AttributeTargets.All)]
internal sealed class EmbeddedAttribute : Attribute;
