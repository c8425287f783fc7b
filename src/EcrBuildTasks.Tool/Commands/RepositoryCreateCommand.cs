using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr repository create</c>: a repository with the defaults that ECR lacks.</summary>
internal static class RepositoryCreateCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "host/repository, or repository for your own registry.",
    };

    private static readonly Option<bool> Mutable = new("--mutable")
    {
        Description = "Allow moving tags to another image; short for --immutability MUTABLE.",
    };

    private static readonly Option<string?> Immutability = new("--immutability")
    {
        Description =
            "IMMUTABLE, MUTABLE, IMMUTABLE_WITH_EXCLUSION:FILTERS or MUTABLE_WITH_EXCLUSION:FILTERS, for example IMMUTABLE_WITH_EXCLUSION:latest,dev-*.",
        HelpName = "MODE",
    };

    private static readonly Option<string> ScanOnPush = Choice.Create(
        "--scan-on-push",
        "Whether to scan each image on push.",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["true"] = "true", ["false"] = "false" }
    );

    private static readonly Option<string?> Encryption = new("--encryption")
    {
        Description = "AES256, KMS, KMS_DSSE, or the ARN of a KMS key.",
        HelpName = "TYPE|ARN",
    };

    private static readonly Option<string?> LifecyclePolicy = new("--lifecycle-policy")
    {
        Description = "The file with the lifecycle policy.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Tags = new("--tag")
    {
        Description = "A resource tag; can be repeated.",
        HelpName = "KEY=VALUE",
    };

    private static readonly Option<string?> PushPrincipal = new("--push-principal")
    {
        Description = "The ARN of a role or user, or an account ID, that the repository policy allows to push.",
        HelpName = "ARN",
    };

    public static Command Create()
    {
        var command = new Command(
            "create",
            "Create a repository. Defaults: immutable tags, scan on push, AES256 encryption."
        )
        {
            Name,
            Mutable,
            Immutability,
            ScanOnPush,
            Encryption,
            LifecyclePolicy,
            Tags,
            PushPrincipal,
        };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetValue(Mutable) && parsed.GetResult(Immutability) is not null)
            {
                parsed.AddError(
                    "--mutable and --immutability cannot be combined: --mutable is short for --immutability MUTABLE."
                );
            }
        });
        return command
            .Does(RunAsync)
            .WithExamples(
                "dotnet ecr repository create hello-api --region eu-west-1",
                "dotnet ecr repository create 444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/hello-api --mutable",
                "dotnet ecr repository create hello-api --immutability IMMUTABLE_WITH_EXCLUSION:latest --push-principal arn:aws:iam::111122223333:role/ci"
            );
    }

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var options = new RepositoryOptions
        {
            Immutability =
                invocation.Get(Immutability) ?? (invocation.Get(Mutable) ? ImageTagMutability.MUTABLE : null),
            ScanOnPush = invocation.Get(ScanOnPush),
            Encryption = invocation.Get(Encryption),
            LifecyclePolicy = invocation.Get(LifecyclePolicy),
            Tags = invocation.Get(Tags) ?? [],
            PushPrincipal = invocation.Get(PushPrincipal),
        };
        var settings = options.Read(Directory.GetCurrentDirectory());
        using var repository = await RepositoryAccess.OpenAsync(
            invocation,
            RepositoryArgument.Parse(invocation.Get(Name)!, invocation.Settings),
            cancellationToken
        );
        var creation = await repository.CreateAsync(settings, cancellationToken);
        invocation.Output.Reporter.Report(creation.Lacking);
        Print(repository, creation.IsNew, invocation.Output);
        return creation.Lacking.Count == 0 ? ExitCode.Done : ExitCode.Error;
    }

    private static void Print(RepositoryAccess repository, bool isNew, ToolOutput output)
    {
        if (output.IsJson)
        {
            output.Write(new JsonObject { ["repository"] = repository.Name, ["created"] = isNew });
            return;
        }

        if (isNew && repository.Registry.Kind is RegistryKind.Public)
        {
            output.Note("Public repositories do not support immutable tags and image scanning.");
        }

        output.Note(isNew ? "Created:" : "The repository already exists; its settings were not changed:");
        output.Write(repository.Name);
    }
}
