using BenchmarkDotNet.Running;
using TdxPamt.Benchmarks;

if (args is ["ratios"])
    ConstructionRatios.Print();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
