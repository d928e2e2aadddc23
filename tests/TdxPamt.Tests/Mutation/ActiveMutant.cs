using System.Reflection;
using TdxPamt.Tests.Mutation;

[assembly: AssemblyFixture(typeof(ActiveMutant))]

namespace TdxPamt.Tests.Mutation;

/// <summary>Looks up once per run which mutant is active. Stryker itself looks into a shared file at every mutated
/// expression, which takes many times as long as the tests do.</summary>
public sealed class ActiveMutant
{
    public ActiveMutant()
    {
        Type? control = Array.Find(typeof(AddressRange).Assembly.GetTypes(), static it => it.Name == "MutantControl");
        string? path = Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE");
        if (control is null || !File.Exists(path))
            return;
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] mutant = new byte[4];
        file.ReadExactly(mutant);
        Set("_mutantFilePathCached", true);
        Set("_cachedMutantFilePath", "");
        Set("ActiveMutant", BitConverter.ToInt32(mutant));

        void Set(string field, object value) =>
            control.GetField(field, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                .SetValue(null, value);
    }
}
