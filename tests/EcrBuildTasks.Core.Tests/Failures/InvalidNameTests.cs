using EcrBuildTasks.Aws;
using EcrBuildTasks.Failures;
using EcrBuildTasks.Failures.Reading;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Fixes;
using EcrBuildTasks.Policies.Names;
using EcrBuildTasks.Policies.Tests.Hostile;
using EcrBuildTasks.Preflight;
using EcrBuildTasks.Projects;
using EcrBuildTasks.Repositories;
using EcrBuildTasks.Settings;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static EcrBuildTasks.Policies.Tests.Samples;

namespace EcrBuildTasks.Core.Tests.Failures;

/// <summary>A name that is masked, has a wildcard or is none of AWS gets no statement, wherever it comes from.</summary>
public sealed class InvalidNameTests
{
    private static readonly string[] Masks =
    [
        "",
        "*",
        "***",
        "****",
        "?",
        "ci-*",
        "c?",
        "${ROLE}",
        "$ROLE",
        "${aws:username}",
        "{{ role }}",
        "<masked>",
        "[MASKED]",
        "rôle",
        "ci\u200b",
        "c i",
    ];

    private static readonly string[] Arns =
    [
        $"arn:aws:iam::{Other}:role/NAME",
        $"arn:aws:iam::{Other}:role/NAME/ci",
        $"arn:aws:iam::{Other}:role/svc/NAME",
        $"arn:aws:iam::{Other}:user/NAME",
        $"arn:aws:iam::{Other}:user/NAME/ada",
        $"arn:aws:sts::{Other}:assumed-role/NAME/run-7",
        $"arn:aws:sts::{Other}:assumed-role/ci/NAME",
        $"arn:aws:sts::{Other}:federated-user/NAME",
        "arn:aws:iam::NAME:role/ci",
        "arn:aws:iam::NAME:root",
        "arn:aws:sts::NAME:assumed-role/ci/run-7",
        $"arn:NAME:iam::{Other}:role/ci",
        $"arn:aws-NAME:iam::{Other}:role/ci",
        $"arn:aws:NAME::{Other}:role/ci",
        $"arn:aws:iam:NAME:{Other}:role/",
        $"arn:aws:iam::{Other}:NAME",
        "NAME",
    ];

    private static readonly string[] Actions =
    [
        "ecr:NAME",
        "NAME:PutImage",
        "NAME",
        "ecr:Put*",
        "ecr:PutImge",
        "ecr:PutImage*",
        "ecr:PutImage,ecr:*",
        "s3:PutObject",
    ];

    private static readonly string[] Repositories =
    [
        $"arn:aws:ecr:eu-west-1:{Owner}:repository/NAME",
        $"arn:aws:ecr:eu-west-1:{Owner}:repository/team/NAME",
        "arn:aws:ecr:eu-west-1:NAME:repository/web",
        $"arn:aws:ecr:NAME:{Owner}:repository/web",
        $"arn:NAME:ecr:eu-west-1:{Owner}:repository/web",
        $"arn:aws:NAME:eu-west-1:{Owner}:repository/web",
        $"arn:aws:ecr-public::{Owner}:repository/web",
        "NAME",
    ];

    private static readonly FixRequest Valid = new()
    {
        Caller = Session(Other),
        RepositoryArn = RepositoryArn,
        RepositoryAccount = Owner,
        Actions = ["ecr:PutImage"],
        Wanting = [PolicyKind.Repository, PolicyKind.Identity],
        RepositoryPolicySeen = true,
    };

    public static TheoryData<string> InvalidArns => [.. Fill(Arns)];

    public static TheoryData<string> InvalidActions => [.. Fill(Actions)];

    public static TheoryData<string> InvalidRepositories => [.. Fill(Repositories)];

    [Fact]
    public void A_valid_name_gets_statements_by_every_way()
    {
        Valid.InvalidName.ShouldBeNull();
        Statements(Valid).ShouldNotBeEmpty();
        var reading = Read(Valid.Caller.Arn, "ecr:PutImage", RepositoryArn);
        reading.Fixes.Count.ShouldBe(2);
        // Who wrote the text chose the account.
        reading.FixNote.ShouldNotBeNull().ShouldContain(Other);
        CallerIdentity.ForPrincipal($"arn:aws:iam::{Other}:role/a!b:c/ci").ShouldNotBeNull();
        AwsSettings.IsRoleArn($"arn:aws:iam::{Other}:role/a!b:c/ci").ShouldBeTrue();
        AwsSettings.IsRoleArn($"arn:aws-cn:iam::{Other}:role/ci").ShouldBeTrue();
        AwsSettings.IsRoleArn($"arn:aws:iam::{Other}:user/ci").ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(InvalidArns))]
    public void An_invalid_caller_gets_no_statement(string arn)
    {
        List<EcrDiagnostic> reported = [];

        CallerIdentity.ForPrincipal(arn).ShouldBeNull();
        Should
            .Throw<DiagnosedException>(() => new RepositoryOptions { PushPrincipal = arn }.Read("."))
            .Diagnostic.Code.ShouldBe(EcrCode.PropertyValueInvalid);
        new ProjectRequest(
            "/app/App.csproj",
            new Dictionary<string, string> { ["EcrRoleArn"] = arn.Length > 0 ? arn : "-" }
        )
            .Read(EnvironmentVariables.None, reported.Add)
            .ShouldBeEmpty();
        reported.ShouldContain(error =>
            error.Code == EcrCode.PropertyValueInvalid && error.Message.Contains("EcrRoleArn")
        );
        ShouldHaveNone(Valid with { Caller = new(arn, Other, "") });
        ShouldHaveNone(Valid with { Caller = new(arn, arn.Split(':') is { Length: > 4 } parts ? parts[4] : "", "") });
        ShouldHaveNone(arn, "ecr:PutImage", RepositoryArn);
    }

    [Theory]
    [InlineData("ci\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_name_ends_where_IAM_ends_it(string name) =>
        ShouldHaveNone(Valid with { Caller = Session(Other, name) });

    [Theory]
    [MemberData(nameof(InvalidArns))]
    [InlineData($"arn:aws:iam::{Other}:role/cj")]
    [InlineData($"arn:aws:iam::{Owner}:role/ci")]
    [InlineData($"arn:aws-cn:iam::{Other}:role/ci")]
    [InlineData($"arn:aws:iam::{Other}:user/ci")]
    public void An_invalid_role_gets_no_statement(string arn) => ShouldHaveNone(Valid with { RoleArn = arn });

    [Theory]
    [MemberData(nameof(InvalidActions))]
    public void An_unknown_action_gets_no_statement(string action)
    {
        ShouldHaveNone(Valid with { Actions = [action] });
        ShouldHaveNone(Valid with { Actions = ["ecr:PutImage", action] });
        ShouldHaveNone(Valid.Caller.Arn, action, RepositoryArn);
    }

    [Theory]
    [MemberData(nameof(InvalidRepositories))]
    public void An_invalid_repository_gets_no_statement(string arn)
    {
        ShouldHaveNone(Valid with { RepositoryArn = arn });
        ShouldHaveNone(Valid.Caller.Arn, "ecr:PutImage", arn);
    }

    /// <summary>Whatever a request names: no statement, or one by which the named caller and nobody else is allowed.</summary>
    [Property(Arbitrary = [typeof(MangledRequests)], MaxTest = 1_000)]
    public void A_statement_allows_the_named_caller_and_nobody_else(MangledRequest mangled)
    {
        ArgumentNullException.ThrowIfNull(mangled);
        var request = mangled.Request;
        var statements = Statements(request);
        if (request.InvalidName is not null)
        {
            statements.ShouldBeEmpty();
        }

        foreach (var statement in statements)
        {
            var named = CallerArn.Parse(request.Caller.Arn).ShouldNotBeNull();
            foreach (var (caller, principalArn) in Family(named, request))
            {
                foreach (var action in new[] { "ecr:PutImage", "ecr:SetRepositoryPolicy" })
                {
                    var isMeant = caller == request.Caller && request.Actions.Contains(action);
                    (Decide(statement, request, caller, principalArn, action) is Verdict.Allowed).ShouldBe(
                        isMeant,
                        $"{action} for {principalArn} by {statement}"
                    );
                }
            }
        }
    }

    [Fact]
    public void Many_mangled_requests_still_get_a_statement() =>
        MangledRequests
            .Requests()
            .Generator.Sample(1_000, new Rnd(1, 3), 10)
            .Count(mangled => Statements(mangled.Request).Count > 0)
            .ShouldBeInRange(100, 900);

    private static IEnumerable<string> Fill(string[] templates) =>
        templates
            .SelectMany(template => Masks.Select(mask => template.Replace("NAME", mask, StringComparison.Ordinal)))
            .Distinct();

    private static void ShouldHaveNone(FixRequest request)
    {
        request.InvalidName.ShouldNotBeNull();
        Statements(request).ShouldBeEmpty();
    }

    private static void ShouldHaveNone(string caller, string action, string resource)
    {
        // In a log a space ends a name, so that none has one.
        if ($"{caller}{action}{resource}".Contains(' ', StringComparison.Ordinal))
        {
            return;
        }

        var reading = Read(caller, action, resource);
        reading.Fixes.ShouldBeEmpty();
        FailureJson.Write(reading)["fixes"]!.AsArray().ShouldBeEmpty();
        // A text that has lost the sentence says nothing of a denial.
        if (reading is { Principal: not null, Action: not null })
        {
            FailureJson.Write(reading)["fixNote"].ShouldNotBeNull();
            reading.Diagnostic.ShouldNotBeNull().Details.ShouldContain(reading.FixNote);
        }
    }

    private static FailureReading Read(string caller, string action, string resource) =>
        FailureText.Read($"denied: User: {caller} is not authorized to perform: {action} on resource: {resource}");

    /// <summary>By all ways that make one: an Allow to add, and a Deny from which the caller is exempted.</summary>
    private static IReadOnlyList<Statement> Statements(FixRequest request)
    {
        var denied = request with { RepositoryPolicy = Policy(Deny("\"*\"", "\"ecr:PutImage\"")) };
        var within = request with { RepositoryAccount = request.Caller.Account };
        return
        [
            .. PolicyFixes.For(request).Select(fix => fix.Statement),
            .. PolicyFixes.WithinAccount(within).Identity.Select(fix => fix.Statement),
            .. PolicyFixes.WithinAccount(within).Repository.Select(fix => fix.Statement),
            .. RepositoryFix.Granting(request.Actions, request).Select(fix => fix.Statement),
            .. DenyExceptions.For(denied).Select(exception => exception.Statement).OfType<Statement>(),
        ];
    }

    /// <summary>The named caller, and callers whose names are nearly the same.</summary>
    private static IEnumerable<(Caller Caller, string PrincipalArn)> Family(CallerArn named, FixRequest request)
    {
        yield return (
            request.Caller,
            request.RoleArn
                ?? (
                    named.Type is not "assumed-role" ? request.Caller.Arn
                    : named.Name.StartsWith("AWSReservedSSO_", StringComparison.Ordinal)
                        ? RoleOf(named, "aws-reserved/sso.amazonaws.com/eu-west-1/" + named.Name)
                    : RoleOf(named, "any/path/" + named.Name)
                )
        );
        string[] roles =
        [
            "admin",
            $"{named.Name}x",
            $"x{named.Name}",
            $"{named.Name}/other",
            $"aws-reserved/sso.amazonaws.com/x{named.Name}",
            $"aws-reserved/sso.amazonaws.com/eu-west-1/x{named.Name}",
            $"aws-reserved/sso.amazonaws.com/{named.Name.Replace("Dev_", "Dev_Admin_", StringComparison.Ordinal)}x",
        ];
        foreach (var role in roles)
        {
            var name = role[(role.LastIndexOf('/') + 1)..];
            yield return (
                new(
                    $"arn:{named.Partition}:sts::{named.Account}:assumed-role/{name}/run-8",
                    named.Account,
                    "AROA:run-8"
                ),
                RoleOf(named, role)
            );
        }

        foreach (var user in new[] { "admin", $"{named.Name}x", $"{named.Name}/other" })
        {
            var arn = $"arn:{named.Partition}:iam::{named.Account}:user/{user}";
            yield return (new(arn, named.Account, "AIDAX"), arn);
        }

        const string Stranger = "999999999999";
        yield return (
            new($"arn:{named.Partition}:sts::{Stranger}:assumed-role/{named.Name}/run-7", Stranger, "AROA:run-7"),
            $"arn:{named.Partition}:iam::{Stranger}:role/{named.Name}"
        );
    }

    private static string RoleOf(CallerArn named, string role) =>
        $"arn:{named.Partition}:iam::{named.Account}:role/{role}";

    private static Verdict Decide(
        Statement statement,
        FixRequest request,
        Caller caller,
        string principalArn,
        string action
    )
    {
        // An identity policy is the caller's own: whom else it could allow is not its to say.
        var isIdentity = statement.Principal is null;
        if (isIdentity && caller != request.Caller)
        {
            return Verdict.ImplicitlyDenied;
        }

        var isDeny = statement.Effect is Effect.Deny;
        var policy = isDeny
            ? Policy(statement.ToJson(), Allow("\"*\"", "\"ecr:PutImage\""))
            : PolicyDocument.Empty.With(statement);
        // An Allow that names the role itself is for the caller's own account.
        var account = isIdentity ? caller.Account : request.RepositoryAccount;
        return PolicyEvaluator
            .Evaluate(
                new()
                {
                    Caller = caller,
                    Action = action,
                    RepositoryArn = request.RepositoryArn,
                    RepositoryAccount = account,
                    Context = Context(("aws:PrincipalArn", [principalArn])),
                },
                isIdentity
                    ? new() { IdentityPolicies = [new("fix", policy)], SessionPolicy = Policy(IdentityAllow("*")) }
                    : new()
                    {
                        RepositoryPolicy = policy,
                        IdentityPolicies = Identity(IdentityAllow("*")),
                        SessionPolicy = Policy(IdentityAllow("*")),
                    }
            )
            .Verdict;
    }

    private static class MangledRequests
    {
        private static readonly string[] Callers =
        [
            $"arn:aws:sts::{Other}:assumed-role/ci/run-1",
            $"arn:aws:sts::{Other}:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/jane@example.com",
            $"arn:aws:iam::{Other}:user/dev/alice",
            $"arn:aws:sts::{Other}:federated-user/jane",
        ];

        public static Arbitrary<MangledRequest> Requests() =>
            (
                from caller in Often(Callers)
                from roleArn in Gen.Frequency(
                    (2, Gen.Constant<string?>(null)),
                    (1, Often($"arn:aws:iam::{Other}:role/svc/ci").Select(arn => (string?)arn))
                )
                from action in Often("ecr:PutImage")
                from repository in Often(RepositoryArn)
                select new MangledRequest(
                    Valid with
                    {
                        Caller = new(caller, Other, "AROACI:run-1"),
                        RoleArn = roleArn,
                        Actions = [action],
                        RepositoryArn = repository,
                    }
                )
            ).ToArbitrary();

        private static Gen<string> Often(params string[] good) =>
            Gen.Frequency((3, Gen.Elements(good)), (1, MangledTexts.Of(good)));
    }
}

/// <summary>A request of which some names may have been damaged.</summary>
public sealed record MangledRequest(FixRequest Request)
{
    public override string ToString() =>
        $"{Request.Caller.Arn} ({Request.RoleArn}) {string.Join(',', Request.Actions)} {Request.RepositoryArn}";
}
