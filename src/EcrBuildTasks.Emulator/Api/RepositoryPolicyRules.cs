using System.Text.Json;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Emulator.Storage;
using EcrBuildTasks.Policies;

namespace EcrBuildTasks.Emulator.Api;

/// <summary>What ECR demands of a repository policy before it stores it.</summary>
internal sealed class RepositoryPolicyRules(Authorizer authorizer, IdentityDirectory directory)
{
    private const int MaximumLength = 10240;

    public void Check(EcrRequest request, Repository repository, string text)
    {
        var access = new Access(request.Principal, request.Action, repository.Arn, repository.Account, request.Origin)
        {
            RepositoryName = repository.Name,
        };
        if (request.Principal.Account.Id != repository.Account)
        {
            // No policy can open this operation to another account.
            throw EcrException.AccessDenied(
                DenialSentence.Silent(request.Principal.Caller, access.Action, access.Resource, PolicyKind.Repository)
            );
        }

        if (text.Length > MaximumLength)
        {
            throw EcrException.InvalidParameter(
                "PolicyText",
                $"Member must have length less than or equal to {MaximumLength}"
            );
        }

        CheckStatements(text, repository.IsPublic);
        if (!request.Flag("force") && authorizer.FindDenial(access, Parse(text)) is not null)
        {
            throw EcrException.InvalidParameter(
                "PolicyText",
                "The policy would prevent the caller from calling SetRepositoryPolicy again; set force to true to apply it anyway"
            );
        }
    }

    private static PolicyDocument Parse(string text)
    {
        try
        {
            return PolicyDocument.Parse(text);
        }
        catch (PolicyFormatException)
        {
            throw Invalid();
        }
    }

    private void CheckStatements(string text, bool isPublic)
    {
        Parse(text);
        using var policy = JsonDocument.Parse(text);
        foreach (var statement in ItemsOf(policy.RootElement, "Statement"))
        {
            if (
                statement.ValueKind != JsonValueKind.Object
                // AWS's examples for public repositories have one.
                || (!isPublic && statement.TryGetProperty("Resource", out _))
                || statement.TryGetProperty("NotResource", out _)
                || !(statement.TryGetProperty("Principal", out _) || statement.TryGetProperty("NotPrincipal", out _))
                || TextsOf(statement, "Action").Any(PushAction.IsOfToken)
            )
            {
                throw Invalid();
            }

            var principals = PrincipalsOf(statement, "Principal").Concat(PrincipalsOf(statement, "NotPrincipal"));
            if (!principals.All(directory.Exists))
            {
                throw EcrException.InvalidParameter("PolicyText", "Principal not found");
            }
        }
    }

    private static IEnumerable<string> PrincipalsOf(JsonElement statement, string element) =>
        !statement.TryGetProperty(element, out var principal) ? []
        : principal.ValueKind == JsonValueKind.Object ? TextsOf(principal, "AWS")
        : TextsOf(statement, element);

    private static IEnumerable<string> TextsOf(JsonElement owner, string name) =>
        ItemsOf(owner, name)
            .Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Invalid());

    private static List<JsonElement> ItemsOf(JsonElement owner, string name) =>
        !owner.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()]
        : [value];

    private static EcrException Invalid() =>
        EcrException.InvalidParameter("PolicyText", "Invalid repository policy provided");
}
