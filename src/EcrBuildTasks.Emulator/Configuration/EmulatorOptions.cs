using System.Net;
using System.Text.Json.Serialization;
using EcrBuildTasks.Emulator.Calls;
using EcrBuildTasks.Emulator.Faults;

namespace EcrBuildTasks.Emulator.Configuration;

/// <summary>What an emulator starts with. The same can be read from a JSON file: <see cref="Load"/>.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The address to listen on; the loopback address unless set.</summary>
    [JsonIgnore]
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0, the default, selects a free port.</summary>
    public int Port { get; init; }

    /// <summary>The port of the public registries, which require their own; 0, the default, selects a free port.</summary>
    public int PublicPort { get; init; }

    /// <summary>
    /// A folder that outlives the emulator: layers as files, the rest as JSON. What it holds wins over what the options say of the same
    /// repository. <see langword="null"/> keeps nothing.
    /// </summary>
    public string? StateDirectory { get; init; }

    /// <summary>How long an authorization token is valid; 12 hours, as in ECR, unless set.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The clock for signatures, sessions, tokens and dates.</summary>
    [JsonIgnore]
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The AWS accounts with their principals, policies and registries.</summary>
    public IReadOnlyList<EmulatedAccount> Accounts { get; init; } = [];

    /// <summary>IAM Identity Center, with its portal and its OIDC service.</summary>
    public EmulatedIdentityCenter IdentityCenter { get; init; } = new();

    /// <summary>Containers that are given the credentials of roles.</summary>
    public IReadOnlyList<EmulatedContainer> Containers { get; init; } = [];

    /// <summary>The EC2 instance that has a metadata service; <see langword="null"/> for none.</summary>
    public EmulatedInstance? Instance { get; init; }

    /// <summary>Images that anyone can pull without credentials, for example base images of a build.</summary>
    public IReadOnlyList<PublicImage> PublicImages { get; init; } = [];

    /// <summary>
    /// Whether an upload keeps what had arrived of a part when its connection broke, and so can go on from there, telling how much it has;
    /// it does not unless set. What ECR does is not documented.
    /// </summary>
    public bool KeepsBrokenParts { get; init; }

    /// <summary>
    /// Whether a denial ends with an authorization ID, as those of some AWS services do since 2026. What it stands for cannot be read here.
    /// </summary>
    public bool GivesAuthorizationIds { get; init; }

    /// <summary>How often an account may call which actions; the others as often as it likes.</summary>
    public IReadOnlyList<RateLimit> RateLimits { get; init; } = [];

    /// <summary>The faults at the start; see also <see cref="EcrEmulator.Faults"/>.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Called after each answer, from the request's thread; see also <see cref="EcrEmulator.Calls"/>.</summary>
    [JsonIgnore]
    public Action<ReceivedCall>? CallAnswered { get; init; }

    /// <summary>Reads options from a JSON file. Property names are those of this type in camel case; a policy is an object or a string.</summary>
    /// <exception cref="EmulatorConfigurationException">The file cannot be read or is invalid.</exception>
    public static EmulatorOptions Load(string path) => OptionsFile.Read(path);
}
