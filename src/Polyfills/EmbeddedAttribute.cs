namespace Microsoft.CodeAnalysis;

/// <summary>Hides a type from other assemblies, even from those that see internal types: the compiler knows it by this
/// name. Every type here has it, because who sees two assemblies would see each type twice.</summary>
[Embedded]
[AttributeUsage(AttributeTargets.All)]
internal sealed class EmbeddedAttribute : Attribute;
