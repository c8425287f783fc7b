using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Amazon.Runtime;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Aws;

/// <summary>
/// What a profile's <c>credential_process</c> prints, or the AWS CLI for a profile of <c>aws login</c>. Of its output nothing is shown, its errors neither: both may hold secrets.
/// </summary>
internal sealed class ProcessCredentials : ProvidedCredentials
{
    private const int Longest = 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly AwsProfile _profile;
    private readonly string? _command;
    private readonly EnvironmentVariables _environment;

    /// <param name="profile">The profile.</param>
    /// <param name="command">Its <c>credential_process</c>; <see langword="null"/> to ask the AWS CLI.</param>
    /// <param name="environment">The environment of the program.</param>
    public ProcessCredentials(AwsProfile profile, string? command, EnvironmentVariables environment)
    {
        _profile = profile;
        _command = command;
        _environment = environment;
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    protected override async Task<CredentialsRefreshState> ProvideAsync(CancellationToken cancellationToken)
    {
        var output = await RunAsync(cancellationToken);
        try
        {
            using var json = JsonDocument.Parse(output);
            return Read(json.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            // The exception message contains the output.
            throw Failed("did not print the expected JSON");
        }
    }

    private CredentialsRefreshState Read(JsonElement json)
    {
        string? Text(string name) =>
            json.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;

        if (!json.TryGetProperty("Version", out var version) || version.GetInt32() != 1)
        {
            throw Failed("did not print credentials with \"Version\": 1");
        }

        if (Text("AccessKeyId") is not { } id || Text("SecretAccessKey") is not { } secret)
        {
            throw Failed("did not print both AccessKeyId and SecretAccessKey");
        }

        var expiration = json.TryGetProperty("Expiration", out var end)
            ? end.GetDateTimeOffset()
            : DateTimeOffset.MaxValue;
        return expiration > TimeProvider.System.GetUtcNow()
            ? new(new ImmutableCredentials(id, secret, Text("SessionToken")), expiration.UtcDateTime)
            : throw Failed($"printed credentials that expired at {expiration:u}");
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Start();
        try
        {
            // A prompt of the process cannot be answered.
            process.StandardInput.Close();
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var output = new char[Longest + 1];
            var length = await process.StandardOutput.ReadBlockAsync(output, limit.Token);
            if (length > Longest)
            {
                process.Kill(entireProcessTree: true);
                throw Failed($"printed more than {Longest} characters");
            }

            await errors;
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? new(output, 0, length)
                : throw Failed($"failed with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"did not finish within {Limit.TotalSeconds:0} s");
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo
        {
            FileName =
                !OperatingSystem.IsWindows() ? "/bin/sh"
                // Windows would prefer a program of that name in the current folder.
                : _command is not null ? Path.Combine(Environment.SystemDirectory, "cmd.exe")
                : _environment.FindProgram("aws") ?? throw Failed("cannot be started: aws.exe is not on the PATH"),
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] export = ["configure", "export-credentials", "--format", "process", "--profile", _profile.Name];
        if (_command is null)
        {
            // The shell looks for the program on the PATH of the given environment.
            string[] arguments = OperatingSystem.IsWindows() ? export : ["-c", """exec aws "$@" """, "sh", .. export];
            Array.ForEach(arguments, start.ArgumentList.Add);
        }
        else if (OperatingSystem.IsWindows())
        {
            // Otherwise cmd would prefer a program of the current folder to those on the PATH. Wine's cmd always does.
            start.Environment["NoDefaultCurrentDirectoryInExePath"] = "1";
            // As it is written: with /s, cmd removes these quotes and no others.
            start.Arguments = $"/d /s /c \"{_command}\"";
        }
        else
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(_command);
        }

        start.Environment.Clear();
        foreach (var (name, value) in _environment.All)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw Failed($"cannot be started: {failure.Message}");
        }
    }

    private AwsSessionException Failed(string what) =>
        _command is null
            ? _profile.Unusable(
                $"it uses `aws login`, and the AWS CLI command `aws configure export-credentials` {what}. "
                    + $"Run `aws login --profile {_profile.CommandName}`; this requires AWS CLI 2.32 or later"
            )
            : new(
                EcrCode.CredentialProcessFailed,
                $"The credential_process of the AWS profile '{_profile.Name}' {what}."
            )
            {
                Profile = _profile.Name,
            };
}
