using System.Text.RegularExpressions;
using EcrBuildTasks.Policies;
using EcrBuildTasks.Policies.Tests;
using YamlDotNet.RepresentationModel;

namespace EcrBuildTasks.Documentation.Tests.Pipelines;

/// <summary>The commands of the samples' READMEs that deploy their templates.</summary>
public sealed partial class DeployCommandTests
{
    public static TheoryData<string> Samples =>
        [.. PipelineSample.All.Select(sample => sample.Name), RoleFiles.Repository];

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_gives_the_template_each_parameter_that_it_must_have_and_none_that_it_has_not(string sample)
    {
        var command = Command().Match(PipelineSample.Read(sample, "README.md"));
        var template = PipelineCommand.Yaml(PipelineSample.Read(sample, command.Groups["template"].Value));
        var parameters = ((YamlMappingNode)template["Parameters"]).Children.ToDictionary(
            parameter => $"{parameter.Key}",
            parameter => (YamlMappingNode)parameter.Value
        );
        var given = command
            .Groups["parameter"]
            .Captures.Select(parameter => parameter.Value.Split('=', 2))
            .ToDictionary(parameter => parameter[0], parameter => parameter[1]);

        parameters
            .Where(parameter => !parameter.Value.Children.ContainsKey("Default"))
            .Select(parameter => parameter.Key)
            .ShouldBe(given.Keys, ignoreOrder: true);
        foreach (var (name, value) in given)
        {
            if (parameters[name].Children.TryGetValue("AllowedPattern", out var pattern))
            {
                value.ShouldMatch($"{pattern}");
            }
        }

        // CloudFormation makes roles with names of their own only for whoever says so.
        command.Groups["capability"].Success.ShouldBe($"{template["Resources"]}".Contains("AWS::IAM::Role"));
    }

    [GeneratedRegex(
        @"aws cloudformation deploy --stack-name [\w-]+ --template-file (?<template>\S+)( --capabilities (?<capability>CAPABILITY_NAMED_IAM))? --parameter-overrides( (?<parameter>\w+=\S+))+",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Command();
}
