using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.Login;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr login</c>: the password of a registry, for programs that log in.</summary>
internal static class LoginCommand
{
    private static readonly Argument<string?> Registry = new("REGISTRY")
    {
        Description = "The registry host. Default: the registry of your account in your region.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> PrintPassword = new("--print-password")
    {
        Description = "Print the password instead of logging in, for the --password-stdin option of another program.",
    };

    private static readonly Option<HelperRequest?> Helper = Choice.Create(
        "--credential-helper",
        "Implement the credential helper protocol of Docker.",
        Choice
            .WordsOf<HelperRequest>()
            .ToDictionary(word => word.Key, word => (HelperRequest?)word.Value, StringComparer.Ordinal)
    );

    private static readonly Option<bool> NoCache = new("--no-cache")
    {
        Description =
            "Request a new password from AWS and do not cache it. AWS_ECR_DISABLE_CACHE=true has the same effect.",
    };

    public static Command Create()
    {
        var command = new Command("login", "Log in docker or podman to a registry, or print the password.")
        {
            Registry,
            PrintPassword,
            Helper,
            NoCache,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(Helper) is null)
            {
                return;
            }

            if (parsed.GetResult(PrintPassword) is not null)
            {
                parsed.AddError("--credential-helper and --print-password cannot be combined.");
            }

            if (parsed.GetResult(Registry) is { Tokens.Count: > 0 })
            {
                parsed.AddError(
                    "With --credential-helper, the registry is read from standard input; remove the argument."
                );
            }
        });
        return command
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr login 444455556666.dkr.ecr.eu-west-1.amazonaws.com",
                "dotnet ecr login public.ecr.aws",
                "dotnet ecr login --print-password | docker login --username AWS --password-stdin 444455556666.dkr.ecr.eu-west-1.amazonaws.com",
                "echo 444455556666.dkr.ecr.eu-west-1.amazonaws.com | dotnet ecr login --credential-helper get"
            );
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        invocation.Output.IsForPrograms |= invocation.Get(PrintPassword) || invocation.Get(Helper) is not null;
        var passwords = new RegistryPasswords(invocation, FindCache(invocation));
        if (invocation.Get(Helper) is { } request)
        {
            return await CredentialHelper.AnswerAsync(request, invocation, passwords, cancellationToken);
        }

        var output = invocation.Output;
        var host = invocation.Get(Registry);
        var password = await passwords.GetAsync(host, renew: false, cancellationToken);
        if (invocation.Get(PrintPassword))
        {
            Print(password, output);
            return ExitCode.Done;
        }

        var caller = CallerInquiry.Start(password.Session, cancellationToken);
        string program;
        try
        {
            program = await EngineLogin.RunAsync(password.Credentials, line => output.Note(line), cancellationToken);
        }
        catch (DiagnosedException) when (password.WasKept)
        {
            // The registry may have stopped accepting it before it expired.
            password = await passwords.GetAsync(host, renew: true, cancellationToken);
            program = await EngineLogin.RunAsync(password.Credentials, line => output.Note(line), cancellationToken);
        }

        await caller.AnswerAsync();
        if (output.IsJson)
        {
            var json = ToJson(password);
            json["program"] = program;
            output.Write(json);
        }
        else
        {
            output.Write(
                $"{program} is logged in to {password.Credentials.Host} until {password.Credentials.ExpiresAt:u}, as {CallerWords.Describe(password.Session)}."
            );
        }

        return ExitCode.Done;
    }

    private static TokenCache? FindCache(Invocation invocation) =>
        !invocation.Get(NoCache)
        && invocation.Environment["AWS_ECR_DISABLE_CACHE"] is null
        && SecretFile.Find(invocation.Environment) is { } file
            ? new(file, TimeProvider.System)
            : null;

    private static void Print(RegistryPassword password, ToolOutput output)
    {
        var credentials = password.Credentials;
        if (output.IsJson)
        {
            var json = ToJson(password);
            json["password"] = credentials.Password;
            output.WriteSecret(json);
        }
        else
        {
            output.WriteSecret(credentials.Password);
        }

        output.Detail(
            $"For {credentials.Username} at {credentials.Host}, until {credentials.ExpiresAt:u}, "
                + (password.WasKept ? "cached from an earlier login" : "newly requested from ECR")
                + $", with credentials from {password.Session.CredentialsSource}."
        );
    }

    private static JsonObject ToJson(RegistryPassword password) =>
        new()
        {
            ["registry"] = password.Credentials.Host,
            ["username"] = password.Credentials.Username,
            ["caller"] = CallerWords.Json(password.Session.KnownCaller, password.Session.CredentialsSource),
            ["expiresAt"] = $"{password.Credentials.ExpiresAt?.UtcDateTime:O}",
        };
}
