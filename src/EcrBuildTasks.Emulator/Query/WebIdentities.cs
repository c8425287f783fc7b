using System.Globalization;
using System.Text.Json.Nodes;
using EcrBuildTasks.Emulator.Authorization;
using EcrBuildTasks.Emulator.Identity;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Emulator.Query;

/// <summary>Believes the tokens of the accounts' OIDC providers, and decides by trust policies what they are good for.</summary>
internal sealed class WebIdentities(IdentityDirectory directory, TimeProvider clock)
{
    /// <summary>Reads a token that is good for an account, whatever roles may say of it.</summary>
    /// <exception cref="QueryException">It is not.</exception>
    public WebIdentityToken Read(string roleArn, string text)
    {
        var token =
            WebIdentityToken.Parse(text)
            ?? throw Invalid(
                "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
            );
        var account = directory.FindAccount(Arn.Parse(roleArn)?.Account ?? "");
        var provider =
            account?.OidcProviders.FirstOrDefault(one => one.Url == token.Issuer)
            ?? throw Invalid($"No OpenIDConnect provider found in your account for https://{token.Issuer}");
        if (provider.PublicKey is { } key && !token.IsSignedFor(key))
        {
            throw Invalid("The web identity token that was passed could not be validated");
        }

        var now = clock.GetUtcNow();
        if (token.ExpiresAt <= now)
        {
            throw new QueryException(
                "ExpiredTokenException",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Token expired: current date/time {now.ToUnixTimeSeconds()} must be before the expiration date/time {token.ExpiresAt.ToUnixTimeSeconds()}"
                ),
                StatusCodes.Status400BadRequest
            );
        }

        return token.Claims["aud"].Intersect(provider.ClientIds, StringComparer.Ordinal).Any()
            ? token with
            {
                ProviderArn = Arn.ForIam(account!.Partition, account.Id, $"oidc-provider/{provider.Url}").ToString(),
            }
            : throw Invalid("Incorrect token audience");
    }

    /// <summary>Whether a role's trust policy takes a token.</summary>
    public static bool MayAssume(EmulatedRole role, WebIdentityToken token, string sessionName)
    {
        if (role.Role.TrustPolicy is not { } text || TrustOf(text, token.ProviderArn) is not { } trust)
        {
            return false;
        }

        var keys = token.Claims.ToDictionary(
            claim => $"{token.Issuer}:{claim.Key}",
            claim => claim.Value,
            StringComparer.OrdinalIgnoreCase
        );
        keys["sts:RoleSessionName"] = [sessionName];
        // The bearer of a token is not an IAM principal; the trust policy alone decides.
        var caller = new Caller(
            Arn.ForIam(role.Account.Partition, role.Account.Id, "user/web").ToString(),
            role.Account.Id,
            "web"
        );
        var request = new AuthorizationRequest
        {
            Caller = caller,
            Action = StsActions.AssumeRoleWithWebIdentity,
            RepositoryArn = role.Arn,
            RepositoryAccount = role.Account.Id,
            Context = RequestContext.Complete(keys),
        };
        var decision = PolicyEvaluator.Evaluate(
            request,
            new PolicySet { RepositoryPolicy = trust, IdentityPolicies = [] }
        );
        return decision.Verdict is Verdict.Unknown
            ? throw Authorizer.Undecided(request, decision)
            : decision.Verdict is Verdict.Allowed;
    }

    /// <summary>
    /// The statements about a provider, with everyone as their principal: the evaluator knows of callers of IAM only. Null where there are
    /// none.
    /// </summary>
    private static PolicyDocument? TrustOf(string policy, string providerArn)
    {
        var document = JsonNode.Parse(policy)!.AsObject();
        var given = document["Statement"] is JsonArray several ? several.ToList() : [document["Statement"]];
        var about = new JsonArray();
        foreach (var statement in given.OfType<JsonObject>().Where(statement => IsAbout(statement, providerArn)))
        {
            var copy = statement.DeepClone().AsObject();
            copy["Principal"] = "*";
            about.Add((JsonNode)copy);
        }

        if (about.Count == 0)
        {
            return null;
        }

        document["Statement"] = about;
        return PolicyDocument.Parse(document.ToJsonString());
    }

    private static bool IsAbout(JsonObject statement, string providerArn) =>
        statement["Principal"] switch
        {
            JsonObject principals => principals["Federated"] switch
            {
                JsonArray several => several.Any(one => (string?)one == providerArn),
                { } one => (string?)one == providerArn,
                null => false,
            },
            { } everyone => (string?)everyone == "*",
            null => false,
        };

    private static QueryException Invalid(string message) =>
        new("InvalidIdentityToken", message, StatusCodes.Status400BadRequest);
}
