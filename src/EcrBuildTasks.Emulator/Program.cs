using System.Runtime.InteropServices;
using EcrBuildTasks.Emulator;
using EcrBuildTasks.Emulator.Configuration;

const string Usage =
    "usage: ecr-emulator --config <file.json> [--address <ip>] [--port <n>] [--public-port <n>] [--state <directory>]";

EmulatorOptions options;
try
{
    options = CommandLine.Parse(args);
}
catch (EmulatorConfigurationException error)
{
    await Console.Error.WriteLineAsync($"{error.Message}\n{Usage}");
    return 2;
}

using var stopped = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    await using var emulator = await EcrEmulator.StartAsync(
        options with
        {
            CallAnswered = call => Console.WriteLine(call.ToLogLine()),
        },
        stopped.Token
    );
    Console.WriteLine(
        $"ECR, STS and /v2/ answer on {emulator.Endpoint}, the public registries on {emulator.PublicEndpoint}"
    );
    await Task.Delay(Timeout.Infinite, stopped.Token);
}
catch (OperationCanceledException) when (stopped.IsCancellationRequested)
{
    return 0;
}
catch (Exception error) when (error is EmulatorConfigurationException or IOException)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}

return 0;
