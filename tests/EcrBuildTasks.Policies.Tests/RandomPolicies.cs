using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Policies.Tests;

/// <summary>A request and its policies, made of few principals, actions and keys so that they meet often.</summary>
public sealed record RandomCase(
    Caller Caller,
    string RoleArn,
    string Action,
    IReadOnlyList<string> RepositoryStatements,
    IReadOnlyList<string>? IdentityStatements,
    IReadOnlyList<string> ContextValues
)
{
    public PolicySet Policies =>
        new()
        {
            RepositoryPolicy = RepositoryStatements.Count == 0 ? null : Policy([.. RepositoryStatements]),
            IdentityPolicies = IdentityStatements is null ? null : Identity([.. IdentityStatements]),
        };

    public (string Key, string[] Values)[] Keys =>
        [
            .. RandomPolicies
                .Keys.Zip(ContextValues)
                .Where(pair => pair.Second.Length > 0)
                .Select(pair => (pair.First, new[] { pair.Second })),
            ("aws:PrincipalArn", [RoleArn.Length > 0 ? RoleArn : Caller.Arn]),
        ];

    public override string ToString() =>
        $"{Caller.Arn} ({RoleArn}) {Action}\n{Policies.RepositoryPolicy}\n{Policies.IdentityPolicies?[0].Policy}\n{string.Join(' ', Keys.Select(key => $"{key.Key}={key.Values[0]}"))}";
}

public static class RandomPolicies
{
    public static readonly string[] Keys = ["aws:SourceVpce", "aws:PrincipalOrgID", "aws:SourceIp"];

    public static readonly (Caller Caller, string RoleArn)[] Callers =
    [
        (User(Owner), ""),
        (User(Other, "dev/alice"), ""),
        (User(Other, "bob"), ""),
        (Session(Owner), $"arn:aws:iam::{Owner}:role/ci"),
        (Session(Other), $"arn:aws:iam::{Other}:role/svc/ci"),
        (Session(Other, "deploy"), $"arn:aws:iam::{Other}:role/deploy"),
        (Session(Other, "ci2"), $"arn:aws:iam::{Other}:role/svc/ci2"),
        (SingleSignOn("Dev"), SingleSignOnRole("Dev")),
        (SingleSignOn("Dev_Admin"), SingleSignOnRole("Dev_Admin")),
        (Federated(Owner), ""),
        (Federated(Other), ""),
        (Root(Other), ""),
    ];

    private const int LongestList = 6;

    private static readonly ConcurrentDictionary<string, RequestContext> Contexts = new(StringComparer.Ordinal);

    /// <summary>A statement that concerns nobody here and brings a policy to about ECR's limit of 10,240 characters.</summary>
    private static readonly string Filler = Allow(
        Arn([.. Enumerable.Range(0, 248).Select(i => $"arn:aws:iam::333333333333:role/{i:x4}")]),
        "\"ecr:ListImages\""
    );

    /// <summary>The contexts are few, and making one takes longer than deciding a request.</summary>
    public static RequestContext ContextOf(RandomCase random, Caller caller, string roleArn) =>
        Contexts.GetOrAdd(
            string.Join('\n', [caller.Arn, .. random.ContextValues]),
            _ => Context((random with { Caller = caller, RoleArn = roleArn }).Keys)
        );

    public static Arbitrary<RandomCase> Cases() => Case().Resize(LongestList).ToArbitrary();

    /// <summary>The same cases each time.</summary>
    public static IReadOnlyList<RandomCase> Sample(int count) => [.. Case().Sample(count, new Rnd(1, 3), LongestList)];

    private static Gen<RandomCase> Case() =>
        from caller in Gen.Elements(Callers)
        from action in Gen.Elements(PushActions)
        from repository in Gen.ListOf(RepositoryStatement())
        from filler in Gen.Frequency((24, Gen.Constant<string[]>([])), (1, Gen.Constant<string[]>([Filler])))
        from identity in Gen.OneOf(
            Gen.Constant<IReadOnlyList<string>?>(null),
            Gen.ListOf(IdentityStatement()).Select(list => (IReadOnlyList<string>?)list)
        )
        from values in Gen.CollectToList(Enumerable.Range(0, Keys.Length), ContextValue)
        select new RandomCase(
            caller.Caller,
            caller.RoleArn,
            action,
            [.. repository.Take(4), .. filler],
            identity,
            [.. values]
        );

    public static Gen<string> RepositoryStatement() =>
        from effect in Gen.Elements("Allow", "Allow", "Deny")
        from negated in Gen.Elements("", "", "", "Not")
        from principal in Gen.Elements(Principals())
        from sid in Gen.Elements("", "\"Sid\":\"AllowPushByCi\",", "\"Sid\":\"AllowPushByDev\",", "\"Sid\":\"x\",")
        from action in Action()
        from condition in Condition()
        select $$"""{{{sid}}"Effect":"{{effect}}","{{negated}}Principal":{{principal}},{{action}}{{condition}}}""";

    private static Gen<string> IdentityStatement() =>
        from effect in Gen.Elements("Allow", "Allow", "Deny")
        from resource in Gen.Elements("*", RepositoryArn, $"arn:aws:ecr:*:{Owner}:repository/team-b/*")
        from action in Action()
        from condition in Condition()
        select $$"""{"Effect":"{{effect}}","Resource":"{{resource}}",{{action}}{{condition}}}""";

    private static Gen<string> Action() =>
        from negated in Gen.Elements("", "", "", "Not")
        from actions in Gen.NonEmptyListOf(Gen.Elements([.. PushActions, "ecr:Batch*", "ecr:DescribeImages"]))
        select $"\"{negated}Action\":[{string.Join(',', actions.Select(action => $"\"{action}\""))}]";

    public static Gen<string> Condition()
    {
        var onVpce =
            from op in Gen.Elements("StringEquals", "StringNotEquals", "StringLikeIfExists", "StringNotLike")
            from value in Gen.Elements("vpce-1", "vpce-*", "*")
            select Samples.Condition(op, "aws:SourceVpce", value);
        var onOrganization =
            from op in Gen.Elements("StringEquals", "StringNotEqualsIfExists", "StringLike")
            from value in Gen.Elements("o-1", "O-1", "o-?")
            select Samples.Condition(op, "aws:PrincipalOrgID", value);
        var onAddress =
            from op in Gen.Elements("IpAddress", "NotIpAddress", "IpAddressIfExists")
            from value in Gen.Elements("10.0.0.0/8", "0.0.0.0/0", "::/0", "10.1.2.3")
            select Samples.Condition(op, "aws:SourceIp", value);
        var onPrincipal =
            from op in Gen.Elements("ArnLike", "ArnNotLike", "StringLike")
            from value in Gen.Elements("role/*", "role/svc/*", "role/ci", "role/*/ci", "user/*")
            select Samples.Condition(op, "aws:PrincipalArn", $"arn:aws:iam::{Other}:{value}");
        return Gen.OneOf(Gen.Constant(""), Gen.Constant(""), onVpce, onOrganization, onAddress, onPrincipal);
    }

    private static Gen<string> ContextValue(int key) =>
        key switch
        {
            0 => Gen.Elements("", "vpce-1", "vpce-2", "else"),
            1 => Gen.Elements("", "o-1", "O-1", "o-22"),
            _ => Gen.Elements("", "10.1.2.3", "192.0.2.1", "2001:db8::1"),
        };

    public static string[] Principals() =>
        [
            "\"*\"",
            Arn(Owner),
            Arn(Other),
            Arn($"arn:aws:iam::{Other}:root", $"arn:aws:iam::{Other}:role/svc/ci"),
            .. Callers.Select(caller => Arn(caller.Caller.Arn)),
            .. Callers.Where(caller => caller.RoleArn.Length > 0).Select(caller => Arn(caller.RoleArn)),
        ];

    private static Caller SingleSignOn(string set) =>
        Session(Other, $"AWSReservedSSO_{set}_0123456789abcdef", "jane@example.com");

    private static string SingleSignOnRole(string set) =>
        $"arn:aws:iam::{Other}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_{set}_0123456789abcdef";
}
