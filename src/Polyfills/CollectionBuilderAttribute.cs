namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for collection expressions of a type, and .NET Standard lacks.</summary>
[Microsoft.CodeAnalysis.Embedded]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
internal sealed class CollectionBuilderAttribute(Type builderType, string methodName) : Attribute
{
    /// <summary>The type that has the method.</summary>
    public Type BuilderType { get; } = builderType;

    /// <summary>The method that makes a collection of a span of its items.</summary>
    public string MethodName { get; } = methodName;
}
