using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Settings;

namespace EcrBuildTasks.Push.Registry;

/// <summary>
/// The credentials for pulling that the .NET SDK uses, too: those of its environment variables, or what <c>docker login</c> or
/// <c>podman login</c> stored.
/// </summary>
/// <remarks>
/// The SDK's other variables, without <c>PULL</c>, are of the registry that is pushed to. https://docs.docker.com/reference/cli/docker/login/
/// </remarks>
internal sealed class DockerLogin(EnvironmentVariables environment)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Why credentials that may exist could not be read, as a sentence without anything that a file or a helper says.</summary>
    public string? Problem { get; private set; }

    /// <returns><see langword="null"/> if there are none.</returns>
    public async Task<RegistryCredentials?> FindAsync(Uri registry, CancellationToken cancellationToken)
    {
        if (
            environment["DOTNET_CONTAINER_PULL_REGISTRY_UNAME"] is { } user
            && environment["DOTNET_CONTAINER_PULL_REGISTRY_PWORD"] is { } word
        )
        {
            return new(registry.Authority, user, word);
        }

        string[] keys =
            registry.Host == RemoteBlobs.DockerHub
                ? ["https://index.docker.io/v1/", "docker.io", RemoteBlobs.DockerHub]
                : [registry.Authority];
        foreach (var file in Files().Where(File.Exists))
        {
            try
            {
                using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
                if (await FindAsync(json.RootElement, keys, cancellationToken) is var (username, password))
                {
                    return new(registry.Authority, username, password);
                }
            }
            catch (Exception failure)
                when (failure
                        is JsonException
                            or InvalidOperationException
                            or FormatException
                            or IOException
                            or UnauthorizedAccessException
                )
            {
                Problem = $"The credentials in {file} cannot be read.";
            }
        }

        return null;
    }

    /// <summary>Never in the current folder.</summary>
    private IEnumerable<string> Files()
    {
        string?[] files =
        [
            environment["REGISTRY_AUTH_FILE"],
            environment["XDG_RUNTIME_DIR"] is { } runtime ? Path.Combine(runtime, "containers", "auth.json") : null,
            environment["DOCKER_CONFIG"] is { } folder
                ? Path.Combine(folder, "config.json")
                : environment.InHome(".docker", "config.json"),
        ];
        return files.OfType<string>().Where(Path.IsPathFullyQualified);
    }

    private async Task<(string Username, string Password)?> FindAsync(
        JsonElement file,
        string[] keys,
        CancellationToken cancellationToken
    )
    {
        foreach (var key in keys)
        {
            var helper =
                (file.TryGetProperty("credHelpers", out var helpers) ? Text(helpers, key) : null)
                ?? Text(file, "credsStore");
            if (helper is not null && await AskAsync(helper, key, cancellationToken) is { } stored)
            {
                return stored;
            }
        }

        return file.TryGetProperty("auths", out var auths)
            ? auths
                .EnumerateObject()
                .Where(entry => keys.Any(key => Host(key) == Host(entry.Name)))
                .Select(entry => Read(entry.Value))
                .FirstOrDefault(found => found is not null)
            : null;
    }

    private static (string Username, string Password)? Read(JsonElement entry)
    {
        if (Text(entry, "identitytoken") is { } identityToken)
        {
            return (TokenService.IdentityToken, identityToken);
        }

        var pair = Text(entry, "auth") is { } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : "";
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 ? (pair[..colon], pair[(colon + 1)..].TrimEnd('\0'))
            : Text(entry, "username") is { } username && Text(entry, "password") is { } password ? (username, password)
            : null;
    }

    /// <summary>Files of older versions have addresses for hosts, <c>https://host/v1/</c>.</summary>
    private static string Host(string key)
    {
        var host = key[(key.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..];
        host = host.TrimEnd('/');
        return host.EndsWith("/v1", StringComparison.Ordinal) || host.EndsWith("/v2", StringComparison.Ordinal)
            ? host[..^3]
            : host;
    }

    private async Task<(string Username, string Password)?> AskAsync(
        string helper,
        string key,
        CancellationToken cancellationToken
    )
    {
        var name = $"docker-credential-{helper}";
        if (Path.GetFileName(name) != name || environment.FindProgram(name) is not { } path)
        {
            Problem = $"The credential helper {name} is not installed.";
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var process = Start(path);
            await using var end = limit.Token.Register(() => process.Kill(entireProcessTree: true));
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(key);
            process.StandardInput.Close();
            await Task.WhenAll(errors, output, process.WaitForExitAsync(limit.Token));
            if (process.ExitCode == 0)
            {
                using var json = JsonDocument.Parse(await output);
                return
                    Text(json.RootElement, "Username") is { } username && Text(json.RootElement, "Secret") is { } secret
                    ? (username, secret)
                    : null;
            }

            if (!(await output).Contains("credentials not found", StringComparison.OrdinalIgnoreCase))
            {
                Problem = $"The credential helper {name} failed with exit code {process.ExitCode}.";
            }
        }
        catch (Exception failure)
            when (failure
                    is Win32Exception
                        or IOException
                        or JsonException
                        or InvalidOperationException
                        or OperationCanceledException
            )
        {
            cancellationToken.ThrowIfCancellationRequested();
            Problem = $"The credential helper {name} did not respond with credentials.";
        }

        return null;
    }

    private Process Start(string path)
    {
        var start = new ProcessStartInfo(path, ["get"])
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.All)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : null;
}
