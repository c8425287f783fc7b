using System.Globalization;
using System.Net;
using EcrBuildTasks.Emulator.Configuration;

namespace EcrBuildTasks.Emulator;

internal static class CommandLine
{
    public static EmulatorOptions Parse(string[] args)
    {
        if (args.Length % 2 != 0)
        {
            throw new EmulatorConfigurationException($"'{args[^1]}' requires a value.");
        }

        var values = args.Chunk(2).ToLookup(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (values.Select(option => option.Key).FirstOrDefault(IsUnknown) is { } unknown)
        {
            throw new EmulatorConfigurationException($"'{unknown}' is not a valid option.");
        }

        var options = EmulatorOptions.Load(
            values["--config"].LastOrDefault() ?? throw new EmulatorConfigurationException("--config is required.")
        );
        return options with
        {
            Address = values["--address"].LastOrDefault() is { } address ? ParseAddress(address) : options.Address,
            Port = values["--port"].LastOrDefault() is { } port ? ParsePort(port) : options.Port,
            PublicPort = values["--public-port"].LastOrDefault() is { } publicPort
                ? ParsePort(publicPort)
                : options.PublicPort,
            StateDirectory = values["--state"].LastOrDefault() ?? options.StateDirectory,
        };
    }

    private static bool IsUnknown(string option) =>
        option is not ("--config" or "--address" or "--port" or "--public-port" or "--state");

    private static IPAddress ParseAddress(string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : throw new EmulatorConfigurationException($"'{text}' is not a valid IP address.");

    private static int ParsePort(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port
            : throw new EmulatorConfigurationException($"'{text}' is not a valid port.");
}
