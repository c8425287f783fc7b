using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator.Tool;

/// <summary>Runs an emulator until the process is asked to stop.</summary>
internal sealed class EmulatorCommand : RootCommand
{
    public const int UsageError = 2;

    private readonly Option<string?> _config = new("--config")
    {
        Description =
            "The JSON file with accounts, users, policies and repositories. Without it: one account with one user and one repository.",
        HelpName = "FILE",
    };

    private readonly Option<IPAddress?> _address = new("--address")
    {
        Description = "The IP address to listen on. Default: the loopback address, which only this machine can reach.",
        HelpName = "IP",
        CustomParser = ParseAddress,
    };

    private readonly Option<int?> _port = PortOption("--port", "The port of ECR, STS and /v2/. Default: a free port.");

    private readonly Option<int?> _publicPort = PortOption(
        "--public-port",
        "The port of the public registries. Default: a free port."
    );

    private readonly Option<string?> _state = new("--state")
    {
        Description = "The directory that keeps images between runs. Default: nothing is kept.",
        HelpName = "DIRECTORY",
    };

    public EmulatorCommand()
        : base(
            "Amazon ECR on this machine, for tests: the ECR API, STS and the registry protocol, with policies enforced."
        )
    {
        foreach (var option in (Option[])[_config, _address, _port, _publicPort, _state])
        {
            Options.Add(option);
        }

        SetAction(RunAsync);
    }

    /// <exception cref="EmulatorConfigurationException">The file cannot be read or is invalid.</exception>
    public EmulatorOptions ReadOptions(ParseResult parsed)
    {
        var options = parsed.GetValue(_config) is { } file ? EmulatorOptions.Load(file) : ExampleAccount.Create();
        return options with
        {
            Address = parsed.GetValue(_address) ?? options.Address,
            Port = parsed.GetValue(_port) ?? options.Port,
            PublicPort = parsed.GetValue(_publicPort) ?? options.PublicPort,
            StateDirectory = parsed.GetValue(_state) ?? options.StateDirectory,
        };
    }

    /// <summary>The commands that give a shell this environment.</summary>
    public static IEnumerable<string> ShellLines(IReadOnlyDictionary<string, string?> environment, bool isPowerShell)
    {
        if (isPowerShell)
        {
            return environment.Select(variable =>
                $"$env:{variable.Key} = {(variable.Value is { } value ? $"'{value.Replace("'", "''", StringComparison.Ordinal)}'" : "$null")}"
            );
        }

        var values = environment
            .Where(variable => variable.Value is not null)
            .Select(variable => $"{variable.Key}={Quote(variable.Value!)}");
        var removed = environment.Where(variable => variable.Value is null).Select(variable => variable.Key);
        return [$"export {string.Join(' ', values)}", $"unset {string.Join(' ', removed)}"];

        static string Quote(string value) =>
            value.All(character => char.IsAsciiLetterOrDigit(character) || ":/.,_-".Contains(character))
                ? value
                : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stopped)
    {
        try
        {
            await using var emulator = await EcrEmulator.StartAsync(
                ReadOptions(parsed) with
                {
                    CallAnswered = call => Console.WriteLine(call.ToLogLine()),
                },
                stopped
            );
            Console.WriteLine(
                $"ECR, STS and /v2/ answer on {emulator.Endpoint}, the public registries on {emulator.PublicEndpoint}"
            );
            if (parsed.GetValue(_config) is null)
            {
                Console.WriteLine(
                    $"The repository is {ExampleAccount.RegistryHost}/{ExampleAccount.Repository}. To use it, set in another shell:\n"
                );
                foreach (
                    var line in ShellLines(
                        emulator.EnvironmentFor(ExampleAccount.Key),
                        isPowerShell: OperatingSystem.IsWindows()
                    )
                )
                {
                    Console.WriteLine(line);
                }

                Console.WriteLine();
            }

            await Task.Delay(Timeout.Infinite, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested) { }
        catch (Exception error) when (error is EmulatorConfigurationException or IOException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }

        return 0;
    }

    private static Option<int?> PortOption(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "PORT",
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                {
                    return port;
                }

                argument.AddError($"{name}: '{text}' is not a port from 0 to 65535.");
                return null;
            },
        };

    private static IPAddress? ParseAddress(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        argument.AddError($"--address: '{text}' is not an IP address.");
        return null;
    }
}
