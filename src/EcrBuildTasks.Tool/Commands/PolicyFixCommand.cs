using System.CommandLine;
using System.Text.Json.Nodes;
using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Reporting;
using EcrBuildTasks.Tool.CommandLine;
using EcrBuildTasks.Tool.RepositoryPolicies;

namespace EcrBuildTasks.Tool.Commands;

/// <summary><c>dotnet ecr policy fix</c>: the statement that allows a push, in the form in which the policy is kept, or applied.</summary>
internal static class PolicyFixCommand
{
    private static readonly Dictionary<string, FixScope> Scopes = new(StringComparer.Ordinal)
    {
        ["caller"] = FixScope.Caller,
        ["role"] = FixScope.Principal,
        ["account"] = FixScope.Account,
    };

    private static readonly Dictionary<string, FixFormat> Formats = new(StringComparer.Ordinal)
    {
        ["json"] = FixFormat.Statement,
        ["policy"] = FixFormat.Policy,
        ["cli"] = FixFormat.AwsCommand,
        ["terraform"] = FixFormat.Terraform,
        ["cloudformation"] = FixFormat.CloudFormation,
        ["cdk"] = FixFormat.Cdk,
    };

    private static readonly Option<FixScope> Scope = Choice.Create(
        "--scope",
        "Who gets access: caller, by a condition that still holds if the role is recreated; role, by its ARN; or the whole account.",
        Scopes
    );

    private static readonly Option<FixFormat> Format = Choice.Create(
        "--format",
        "The output format: the statement, the whole policy, an AWS CLI command, or infrastructure as code.",
        Formats
    );

    private static readonly Option<CallerIdentity?> Principal = new("--principal")
    {
        Description = "The principal to allow, instead of the caller.",
        HelpName = "ARN",
        CustomParser = argument =>
        {
            var arn = argument.Tokens[0].Value;
            if (CallerIdentity.ForPrincipal(arn) is { } known)
            {
                return known;
            }

            argument.AddError(
                $"--principal: '{arn}' is not the ARN of a user, a role or a session, such as arn:aws:iam::111122223333:role/ci. Wildcards are not allowed."
            );
            return null;
        },
    };

    private static readonly Option<FixUse?> For = Choice.Create(
        "--for",
        "Also print the identity policy that the principal needs in its own account, for a push or a pull.",
        Choice.WordsOf<FixUse>().ToDictionary(word => word.Key, word => (FixUse?)word.Value, StringComparer.Ordinal)
    );

    private static readonly Option<bool> Apply = new("--apply")
    {
        Description = "Change the policy: show the difference, ask, and keep a backup in this folder.",
    };

    public static Command Create()
    {
        var image = RepositoryArgument.Create();
        var yes = Confirmation.YesOption();
        var command = new Command(
            "fix",
            "Print or apply the repository policy statement that allows a push. In a project folder, without arguments, that of the last denied push."
        )
        {
            image,
            Scope,
            Principal,
            For,
            Format,
            Apply,
            yes,
        };
        Confirmation.MustBePossible(command, yes, Apply);
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(For) is not null && parsed.GetResult(Principal) is null)
            {
                parsed.AddError("--for requires --principal, the user or role to allow.");
            }
        });
        return command
            .Does(
                (invocation, cancellationToken) =>
                    RunAsync(invocation, invocation.Get(image), invocation.Get(yes), cancellationToken)
            )
            .WithExamples(
                "dotnet ecr policy fix 444455556666.dkr.ecr.eu-west-1.amazonaws.com/hello-api",
                "dotnet ecr policy fix hello-api --principal arn:aws:iam::111122223333:role/ci --format terraform",
                "dotnet ecr policy fix hello-api --principal arn:aws:iam::111122223333:role/ci --for push",
                "dotnet ecr policy fix hello-api --principal arn:aws:iam::111122223333:role/ci --apply",
                "dotnet ecr policy fix --apply"
            );
    }

    private static async Task<int> RunAsync(
        Invocation invocation,
        string? image,
        bool isConfirmed,
        CancellationToken cancellationToken
    )
    {
        invocation.Output.IsForPrograms = true;
        var principal = invocation.Get(Principal);
        RepositoryArgument argument;
        LastDenial? denial = null;
        if (image is null)
        {
            var project = await ProjectProperties.ReadAsync(
                Directory.GetCurrentDirectory(),
                invocation.Settings,
                cancellationToken
            );
            denial = principal is null ? LastDenial.Find(project) : null;
            argument = denial is null
                ? RepositoryArgument.FromProject(project)
                : new(denial.Registry, denial.Repository, project.Identity);
        }
        else
        {
            argument = RepositoryArgument.Parse(image, invocation.Settings);
        }

        if (denial is not null)
        {
            if (isConfirmed && invocation.Get(Apply))
            {
                return Misused(
                    new(
                        $"--yes: who gets access would come from {denial.File}, which every program that can write there can change. Name the image and the principal: dotnet ecr policy fix {denial.Registry}/{denial.Repository} --principal {denial.Principal.RoleArn ?? denial.Principal.Arn} --apply --yes"
                    )
                );
            }

            principal = denial.Principal;
            // Nobody agrees to something that they do not see.
            foreach (var line in $"{denial}".Split('\n'))
            {
                invocation.Output.WriteError(line.TrimEnd('\r'));
            }
        }

        using var repository = await RepositoryAccess.OpenAsync(
            invocation,
            argument,
            cancellationToken,
            othersToo: !invocation.Get(Apply)
        );
        var finding = await FixFinding.FindAsync(
            invocation,
            repository,
            principal,
            invocation.Get(For),
            denial?.Actions,
            invocation.Get(Scope),
            cancellationToken
        );
        return finding switch
        {
            FixFinding.Found found => await GiveAsync(found, invocation, repository, isConfirmed, cancellationToken),
            FixFinding.NotNeeded allowed => Tell(allowed, repository, invocation),
            FixFinding.Misused wrong => Misused(wrong),
            FixFinding.Impossible impossible => Fail(impossible.Diagnostics, repository, invocation.Output),
            _ => throw new InvalidOperationException("There is no other finding."),
        };
    }

    private static async Task<int> GiveAsync(
        FixFinding.Found found,
        Invocation invocation,
        RepositoryAccess repository,
        bool isConfirmed,
        CancellationToken cancellationToken
    )
    {
        var (fix, backup) = (found.Fix, (string?)null);
        if (invocation.Get(Apply))
        {
            var before = await repository.GetPolicyAsync(cancellationToken);
            var anew = FixFinding.Anew(fix, before is null ? null : PolicySource.Parse(before, repository.Name));
            // The policy was fixed between the two reads.
            if (anew is null)
            {
                return Tell(
                    new($"The policy of {repository.Name} was changed in the meantime and no longer needs a fix.")
                    {
                        Identity = found.Identity,
                    },
                    repository,
                    invocation
                );
            }

            fix = anew;
            if (fix.IsTooLong)
            {
                return Fail(
                    [EcrDiagnostic.Error(EcrCode.PolicyRefused, fix.Instruction)],
                    repository,
                    invocation.Output
                );
            }

            var change = new PolicyChange(repository, before, fix.ChangedPolicy!.ToJson());
            backup = await change.MakeAsync(invocation.Output, isConfirmed, cancellationToken);
            if (backup is null)
            {
                return ExitCode.Error;
            }
        }

        var text = fix.Render(invocation.Get(Format)) ?? throw NotRendered(fix);
        Print(fix, text, found.Identity, backup, invocation, repository);
        invocation.Output.Reporter.Report(found.Also);
        return ExitCode.Done;
    }

    private static void Print(
        PolicyFix fix,
        string text,
        PolicyFix? identity,
        string? backup,
        Invocation invocation,
        RepositoryAccess repository
    )
    {
        if (invocation.Output.IsJson)
        {
            var json = Json(repository, identity);
            json["needed"] = true;
            json["account"] = fix.OwnerAccount;
            json["principal"] = fix.Request.Caller.Arn;
            json["statement"] = JsonNode.Parse(fix.Statement.ToJson());
            json["policy"] = fix.ChangedPolicy is { } policy ? JsonNode.Parse(policy.ToJson()) : null;
            json["text"] = text;
            json["applied"] = backup is not null;
            json["backup"] = backup;
            invocation.Output.Write(json);
            return;
        }

        if (backup is null)
        {
            invocation.Output.Note(fix.Instruction);
        }

        invocation.Output.WriteDocument(text);
        PrintIdentity(identity, repository, invocation);
    }

    /// <summary>The other half, which nobody but the account of the principal can read or change.</summary>
    private static void PrintIdentity(PolicyFix? identity, RepositoryAccess repository, Invocation invocation)
    {
        if (identity is null)
        {
            return;
        }

        invocation.Output.Note(
            identity.OwnerAccount == repository.Registry.Account
                ? $"Repository and principal are in the same account: one of the two policies is enough, except for {PushAction.TokenOf(repository.Registry.Kind)}, which only an identity policy can allow. {identity.Instruction}"
                : identity.Instruction
        );
        invocation.Output.WriteDocument(identity.Render(invocation.Get(Format)) ?? identity.Render(FixFormat.Policy)!);
    }

    private static DiagnosedException NotRendered(PolicyFix fix) =>
        fix.IsTooLong ? new(EcrDiagnostic.Error(EcrCode.PolicyRefused, fix.Instruction))
        : fix.ChangedPolicy is not null
            ? PolicySource.Unreadable(
                "The policy contains a text that AWS CloudFormation replaces, such as {{resolve:…}}. Use --format policy to print the whole policy."
            )
        : PolicySource.Unreadable(
            $"The whole policy cannot be printed, because the caller cannot read the current policy in account {fix.OwnerAccount}. Use --format json to print the statement to add."
        );

    private static int Tell(FixFinding.NotNeeded allowed, RepositoryAccess repository, Invocation invocation)
    {
        invocation.Output.Note(allowed.Sentence);
        if (invocation.Output.IsJson)
        {
            var json = Json(repository, allowed.Identity);
            json["needed"] = false;
            invocation.Output.Write(json);
        }
        else
        {
            PrintIdentity(allowed.Identity, repository, invocation);
        }

        return ExitCode.Done;
    }

    private static int Fail(IReadOnlyList<EcrDiagnostic> diagnostics, RepositoryAccess repository, ToolOutput output)
    {
        if (output.IsJson)
        {
            var json = Json(repository);
            json["diagnostics"] = ReportJson.Describe([.. diagnostics.Select(d => d.ForTool())]);
            output.Write(json);
        }

        output.Reporter.Report(diagnostics);
        return ExitCode.For(diagnostics) is not ExitCode.Done and var failed ? failed : ExitCode.Undecided;
    }

    private static int Misused(FixFinding.Misused wrong)
    {
        Console.Error.WriteLine(OutgoingText.ToLine(wrong.Sentence));
        return ExitCode.Usage;
    }

    private static JsonObject Json(RepositoryAccess repository, PolicyFix? identity = null)
    {
        var json = new JsonObject { ["repository"] = repository.Name };
        if (identity?.Render(FixFormat.Policy) is { } policy)
        {
            json["identityPolicy"] = JsonNode.Parse(policy);
        }

        return json;
    }
}
