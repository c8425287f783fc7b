using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws.Model;
using EcrBuildTasks.Registry;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr repository create</c>: a repository with the defaults that ECR lacks.</summary>
internal static class RepositoryCreateCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME")
        {
            Description = "host/repository, or repository in your own registry.",
        };
        var mutable = new Option<bool>("--mutable") { Description = "Let a tag be moved to another image." };
        return new Command(
            "create",
            "Create a repository: tags immutable, images scanned when they are pushed, encrypted with AES256."
        )
        {
            name,
            mutable,
        }
            .Does(
                async (invocation, cancellationToken) =>
                {
                    using var repository = await RepositoryAccess.OpenAsync(
                        invocation,
                        RepositoryArgument.Parse(invocation.Get(name)!, invocation.Settings),
                        cancellationToken
                    );
                    var isNew = await repository.CreateAsync(
                        invocation.Get(mutable) ? ImageTagMutability.MUTABLE : ImageTagMutability.IMMUTABLE,
                        cancellationToken
                    );
                    Print(repository, isNew, invocation.Output);
                    return ExitCode.Done;
                }
            )
            .WithExamples(
                "dotnet ecr repository create hello-api --region eu-west-1",
                "dotnet ecr repository create 444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/hello-api --mutable"
            );
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
            output.Note(
                "Its tags can be moved and its images are not scanned: public repositories have no such settings."
            );
        }

        output.Note(isNew ? "Created:" : "It exists already, with the settings that it has:");
        output.Write(repository.Name);
    }
}
