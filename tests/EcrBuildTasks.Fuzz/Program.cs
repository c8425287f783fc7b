using EcrBuildTasks.Fuzz;
using SharpFuzz;

// Run by fuzz.sh: EcrBuildTasks.Fuzz <target>, or EcrBuildTasks.Fuzz <target> <file>… to run a target on files.
var target = FuzzTargets.All[args[0]];
if (args.Length == 1)
{
    Fuzzer.OutOfProcess.Run(target);
    return;
}

foreach (var file in args[1..])
{
    using var stream = File.OpenRead(file);
    target(stream);
}
