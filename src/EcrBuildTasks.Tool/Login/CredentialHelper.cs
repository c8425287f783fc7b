using System.Text.Json;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>
/// The credential helper protocol of Docker, which Podman, skopeo, buildx, crane, helm and others also use: a word on the
/// command line, the server on standard input, and the response, including errors, on standard output.
/// </summary>
internal static class CredentialHelper
{
    private const string NotStored =
        "not implemented: this helper gets the passwords of Amazon ECR registries from AWS, and stores no others";

    private const string HttpsPort = ":443";

    // This text tells callers to continue without credentials; they treat any other text as a failure.
    private const string NotFound = "credentials not found in native keychain";

    /// <returns>The exit code: 0, or 1 after an error.</returns>
    public static async Task<int> AnswerAsync(
        HelperRequest request,
        Invocation invocation,
        RegistryPasswords passwords,
        CancellationToken cancellationToken
    )
    {
        if (request is HelperRequest.List)
        {
            invocation.Output.Write(await ListAsync(invocation, passwords, cancellationToken));
            return ExitCode.Done;
        }

        // Unused input is also read, because the caller could not write it otherwise.
        var input = (await Console.In.ReadToEndAsync(cancellationToken)).Trim();
        if (request is HelperRequest.Store)
        {
            // The password of an ECR registry comes from AWS again; any other would be lost.
            return ServerIn(input) is { } server && passwords.Serves(HostOf(server)) ? ExitCode.Done : Fail(NotStored);
        }

        if (input.Length == 0)
        {
            return Fail("no credentials server URL");
        }

        var host = HostOf(input);
        try
        {
            if (request is HelperRequest.Erase)
            {
                await passwords.ForgetAsync(host, cancellationToken);
                return ExitCode.Done;
            }

            if (await passwords.FindAsync(host, cancellationToken) is not { } password)
            {
                return Fail(NotFound);
            }

            invocation.Output.WriteSecret(
                new JsonObject
                {
                    ["ServerURL"] = input,
                    ["Username"] = password.Credentials.Username,
                    ["Secret"] = password.Credentials.Password,
                }
            );
            return ExitCode.Done;
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Find(failure) is { } diagnostic)
        {
            var message = $"{diagnostic.Code.Id}: {diagnostic.ForTool().Message}";
            if (failure is not ReferenceFormatException && !passwords.IsPublic(host))
            {
                return Fail(message);
            }

            // A pull can succeed without a password. For a push, the reason is printed where users read it.
            // Another server at the address of an emulator is not an ECR registry.
            if (failure is not ReferenceFormatException || EcrRegistry.IsLikeEcrHost(host))
            {
                invocation.Output.Note(message);
            }

            return Fail(NotFound);
        }

        int Fail(string message)
        {
            invocation.Output.Write(message);
            return ExitCode.Error;
        }
    }

    /// <summary>A client that sends all its passwords to an engine before a build works without this one, too.</summary>
    private static async Task<string> ListAsync(
        Invocation invocation,
        RegistryPasswords passwords,
        CancellationToken cancellationToken
    )
    {
        var list = new JsonObject();
        try
        {
            foreach (var host in await passwords.ListAsync(cancellationToken))
            {
                list[host] = "AWS";
            }
        }
        catch (Exception failure)
            when (failure is not OperationCanceledException && FailureDiagnosis.Find(failure) is { } diagnostic)
        {
            invocation.Output.Note($"{diagnostic.Code.Id}: {diagnostic.ForTool().Message}");
        }

        return list.ToJsonString();
    }

    private static string? ServerIn(string input)
    {
        try
        {
            return
                (JsonNode.Parse(input) as JsonObject)?["ServerURL"] is JsonValue value
                && value.TryGetValue(out string? server)
                ? server
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Callers name a server as a host, with a scheme, with the port of HTTPS, or with a path.</summary>
    private static string HostOf(string server)
    {
        var scheme = server.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? server : server[(scheme + 3)..];
        var host = rest.Split('/')[0];
        return host.EndsWith(HttpsPort, StringComparison.Ordinal) ? host[..^HttpsPort.Length] : host;
    }
}

/// <summary>The operations of a credential helper.</summary>
internal enum HelperRequest
{
    /// <summary>Return the credentials of a server.</summary>
    Get,

    /// <summary>List the servers with stored credentials.</summary>
    List,

    Store,

    Erase,
}
