using System.Text.RegularExpressions;
using EcrBuildTasks.RealParts;
using EcrBuildTasks.Repositories;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace EcrBuildTasks.Core.Tests;

/// <summary>
/// The names of actions and the form of an ARN are known to <c>EcrBuildTasks.Policies</c> alone. Read from the sources: in an
/// assembly a constant of Policies looks like a literal of its own.
/// </summary>
public sealed partial class VocabularyTests
{
    private static readonly string[] Exceptions =
    [
        // Condition keys, not actions.
        "EcrBuildTasks.Emulator/Authorization/Authorizer.cs: {RepositoryPlace.ServiceIn(access.RegistryRegion)}:ResourceTag/{tag}",
        "EcrBuildTasks.Emulator/Query/StsApi.cs: sts:ExternalId",
        "EcrBuildTasks.Emulator/Query/StsApi.cs: sts:RoleSessionName",
        "EcrBuildTasks.Emulator/Query/WebIdentities.cs: sts:RoleSessionName",
        // A line of a log, with the operation of any service.
        "EcrBuildTasks.Emulator/Calls/ReceivedCall.cs: {Status} {Service}:{Action} {Method} {Path} {Principal}",
    ];

    // Each splits something else.
    private static readonly string[] SplitsAtColons =
    [
        "EcrBuildTasks.Core/Aws/EcrAuthorization.cs: user and password",
        "EcrBuildTasks.Core/Repositories/RepositoryOptions.cs: mode and filters",
        "EcrBuildTasks.Emulator/Distribution/AuthorizationTokens.cs: user and password",
        "EcrBuildTasks.Tool/CommandLine/UsageMistakes.cs: option and value",
        "EcrBuildTasks.Tool/Login/RegistryPasswords.cs: host and port",
    ];

    private static readonly (string File, SyntaxNode Root)[] Sources =
    [
        .. Directory
            .EnumerateFiles(SourceTree.Src, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(SourceTree.Src, path).Replace('\\', '/')))
            .Where(file =>
                !file.Name.StartsWith("EcrBuildTasks.Policies/", StringComparison.Ordinal)
                && file.Name.Split('/') is not [_, "bin" or "obj", ..]
            )
            .Select(file => (file.Name, CSharpSyntaxTree.ParseText(File.ReadAllText(file.Path)).GetRoot())),
    ];

    [Fact]
    public void No_action_is_named_and_no_arn_is_read_or_composed_outside_the_policies() =>
        Sources
            .SelectMany(source => Texts(source.Root).Select(text => (source.File, Text: text)))
            .Where(found => ActionName().IsMatch(found.Text) || ArnPart().IsMatch(found.Text))
            .Select(found => $"{found.File}: {found.Text}")
            .ShouldBe(Exceptions, ignoreOrder: true);

    [Fact]
    public void No_arn_is_split_outside_the_policies() =>
        Sources
            .SelectMany(source => SplitsAtColon(source.Root).Select(_ => source.File))
            .ShouldBe(SplitsAtColons.Select(exception => exception.Split(": ")[0]), ignoreOrder: true);

    /// <summary>The literals of a file; of an interpolated one the text with the expressions in braces.</summary>
    private static IEnumerable<string> Texts(SyntaxNode root) =>
        root.DescendantNodes()
            .Select(node =>
                node switch
                {
                    LiteralExpressionSyntax literal => literal.Token.Value as string,
                    InterpolatedStringExpressionSyntax interpolated => string.Concat(
                        interpolated.Contents.Select(content =>
                            content switch
                            {
                                InterpolatedStringTextSyntax text => text.TextToken.ValueText,
                                InterpolationSyntax hole => $"{{{hole.Expression}}}",
                                _ => "",
                            }
                        )
                    ),
                    _ => null,
                }
            )
            .OfType<string>();

    private static IEnumerable<InvocationExpressionSyntax> SplitsAtColon(SyntaxNode root) =>
        root.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Where(call =>
                call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Split" or "EnumerateSplits" }
                && call.ArgumentList.Arguments.Any(argument =>
                    argument.Expression is LiteralExpressionSyntax { Token.Value: ':' or ":" }
                )
            );

    // The service and the name; or one of the two, where the other is composed with it.
    [GeneratedRegex(
        @"(?<![\w-])(ecr|ecr-public|sts|iam|signer):([A-Z{]|\z)|Service\w*(\([^()]*\))?\}:[A-Z{]|\}:([A-Z][a-z]+){2}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ActionName();

    // An example in a sentence, after a space, is for people; a pattern, a prefix or a composed ARN is not.
    [GeneratedRegex(
        @"(?<! )arn:|arn:[^:]*\{|^:(root|user|role|assumed-role|federated-user)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex ArnPart();
}
