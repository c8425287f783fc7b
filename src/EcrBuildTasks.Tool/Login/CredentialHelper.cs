using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Tool.CommandLine;

namespace EcrBuildTasks.Tool.Login;

/// <summary>
/// Docker's protocol of credential helpers, which Podman, skopeo, buildx, crane, helm and others speak as well: a word on the
/// command line, the server on standard input, and the answer, errors too, on standard output.
/// </summary>
internal static class CredentialHelper
{
    // By this text callers know that they may go on without credentials; any other is a failure to them.
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
            // What could be named would have to be asked for first, and any ECR registry is answered, named or not.
            invocation.Output.Write("{}");
            return ExitCode.Done;
        }

        // Also what is not used is read, or the caller could not write it.
        var input = (await Console.In.ReadToEndAsync(cancellationToken)).Trim();
        if (request is HelperRequest.Store)
        {
            return ExitCode.Done;
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

            invocation.Output.Write(
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
            when (failure is not OperationCanceledException && FailureDiagnosis.Of(failure) is { } diagnostic)
        {
            var message = $"{diagnostic.Code.Id}: {diagnostic.Message}";
            if (failure is not ReferenceFormatException && !passwords.IsPublic(host))
            {
                return Fail(message);
            }

            // Without a password a pull may succeed all the same. For a push, the reason is where people read it.
            // Another server at an emulator's address is not meant to be one of ECR.
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

    /// <summary>Callers name a server as a host, with a scheme, or with a path.</summary>
    private static string HostOf(string server)
    {
        var scheme = server.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? server : server[(scheme + 3)..];
        return rest.Split('/')[0];
    }
}

/// <summary>What a credential helper is asked to do.</summary>
internal enum HelperRequest
{
    /// <summary>Give the credentials of a server.</summary>
    Get,

    /// <summary>Name the servers whose credentials are kept.</summary>
    List,

    Store,

    Erase,
}
