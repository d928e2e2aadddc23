#if NETSTANDARD
namespace System.Runtime.CompilerServices;

/// <summary>What the compiler needs for <c>init</c> accessors and .NET Standard lacks.</summary>
internal static class IsExternalInit;
#endif
