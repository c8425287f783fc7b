using System.Text.Json.Serialization;

namespace EcrBuildTasks.Emulator.Faults;

/// <summary>How far a request gets before its fault strikes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultMoment>))]
public enum FaultMoment
{
    /// <summary>Its headers were read, nothing of its body.</summary>
    BeforeBody,

    /// <summary>A part of its body was read; a request without body is struck as <see cref="BeforeBody"/>.</summary>
    DuringBody,

    /// <summary>Its body was read to the end, and nothing came of it.</summary>
    AfterBody,

    /// <summary>It was carried out in full; only the answer is lost.</summary>
    AfterEffect,
}
