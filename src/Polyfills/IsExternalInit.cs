namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for <c>init</c> accessors and .NET Standard lacks.</summary>
[Microsoft.CodeAnalysis.Embedded]
internal static class IsExternalInit;
