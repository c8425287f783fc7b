using EcrBuildTasks.Policies.Names;

namespace EcrBuildTasks.Policies;

/// <summary>
/// What <c>aws:PrincipalArn</c> may be when it is not known: it is always there, and of a role's session only the role's
/// path is not in the caller's ARN.
/// </summary>
internal static class PossiblePrincipalArns
{
    public const string Key = "aws:PrincipalArn";

    private const string IdentityCenterPath = "aws-reserved/sso.amazonaws.com/";

    public static IReadOnlyList<IReadOnlyList<string>>? Find(IEnumerable<Condition> conditions, in Question question)
    {
        var caller = question.Caller;
        if (caller.Kind is CallerKind.Other)
        {
            return null;
        }

        if (caller.Kind is not CallerKind.RoleSession)
        {
            return
            [
                [question.Request.Caller.Arn],
            ];
        }

        var role = Arn.ForIam(caller.Partition.ToString(), question.Request.Caller.Account, "role/").ToString();
        var name = caller.Name.ToString();
        return [.. Paths(name, Texts(conditions, question)).Select(path => new[] { role + path + name })];
    }

    private static IEnumerable<string> Paths(string roleName, IEnumerable<string> texts)
    {
        var named = texts.SelectMany(PathsIn).Where(IsPath).Append("").Append("no/such-path/");
        if (!roleName.StartsWith("AWSReservedSSO_", StringComparison.Ordinal))
        {
            return named.Distinct(StringComparer.Ordinal);
        }

        // Roles of IAM Identity Center stand at one path, with the region of the instance unless that is us-east-1.
        return named
            .Where(path => path.StartsWith(IdentityCenterPath, StringComparison.Ordinal))
            .Append(IdentityCenterPath)
            .Append(IdentityCenterPath + "no-such-region/")
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The paths that a pattern for a role's ARN tells from others: what stands before a slash or a star.</summary>
    private static IEnumerable<string> PathsIn(string pattern)
    {
        var start = pattern.IndexOf(":role/", StringComparison.Ordinal);
        if (start < 0)
        {
            yield break;
        }

        var resource = pattern[(start + ":role/".Length)..];
        for (var i = 0; i < resource.Length; i++)
        {
            if (resource[i] is '/' or '*')
            {
                foreach (var star in (string[])["", "x"])
                {
                    var path = resource[..i].Replace("*", star, StringComparison.Ordinal).Replace('?', 'x');
                    yield return path + "/";
                    yield return path + "x/";
                }
            }
        }
    }

    private static bool IsPath(string path) => !path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal);

    private static List<string> Texts(IEnumerable<Condition> conditions, in Question question)
    {
        var texts = new List<string>();
        foreach (var test in conditions.SelectMany(condition => condition.Tests))
        {
            var template = (test as ArnTest)?.Template ?? (test as TextTest)?.Template;
            if (template is not null && template.Resolve(question, out var text, out _) is Truth.True)
            {
                texts.Add(text);
            }
        }

        return texts;
    }
}
