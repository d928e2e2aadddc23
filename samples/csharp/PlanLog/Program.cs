TdxPamt.Hosts.HostDescription machine = TdxPamt.Hosts.HostReader.ReadFile("tests/hosts/4-node-1TiB-6.5.log");
TdxPamt.Hosts.HostPlan plan = TdxPamt.Hosts.HostPlan.Create(machine);
Console.WriteLine($"{machine.Name}: {plan.Failure?.Message ?? $"{plan.PamtKiB} KB allocated for PAMT"}");
