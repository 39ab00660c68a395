namespace Dsp.Tests.CdsHooks;

/// <summary>
/// Requests with the structure of the public examples of CDS Hooks (github.com/cds-hooks/docs, commit 462a38f): docs/examples.md
/// "Radiology Appropriateness" and docs/hooks/order-select.md "Example (R4)", shortened; patient and codes are those of our record.
/// </summary>
internal static class HookExamples
{
    /// <summary>The radiology example: a selected order of imaging, the patient prefetched with the national number.</summary>
    public static string Radiology(string number, string text = "MRA Knee Vessels Right", string hook = "order-select") => $$$"""
        {
          "hook": "{{{hook}}}",
          "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
          "fhirServer": "http://hooks.smarthealthit.org:9080",
          "context": {
            "userId": "Practitioner/123",
            "patientId": "MRI-59879846",
            "encounterId": "89284",
            "selections": [ "ServiceRequest/example-MRI-59879846" ],
            "draftOrders": {
              "resourceType": "Bundle",
              "entry": [
                {
                  "resource": {
                    "resourceType": "ServiceRequest",
                    "id": "example-MRI-59879846",
                    "status": "draft",
                    "intent": "plan",
                    "code": { "coding": [ { "system": "http://loinc.org", "code": "36801-9" } ], "text": "{{{text}}}" },
                    "subject": { "reference": "Patient/MRI-59879846" },
                    "reasonCode": [ { "coding": [ { "system": "http://hl7.org/fhir/sid/icd-10", "code": "S83.511" } ] } ]
                  }
                }
              ]
            }
          },
          "prefetch": { "patient": { "resourceType": "Patient", "id": "MRI-59879846", "identifier": [ { "system": "http://hospital.example/mrn", "value": "1" }, { "system": "urn:oid:1.3.182.4.4", "value": "{{{number}}}" } ] } }
        }
        """;

    /// <summary>The example of the hook itself: a diet and a medicine are selected, with an analysis beside them where one is given.</summary>
    public static string Select(string patientId, string analysis = "", string selected = "") => $$"""
        {
          "hook": "order-select",
          "hookInstance": "2ae6fd02-5fd0-4a1c-b4b0-3c5f0b6a6a11",
          "context": {
            "userId": "PractitionerRole/123",
            "patientId": "{{patientId}}",
            "encounterId": "89284",
            "selections": [ "NutritionOrder/pureeddiet-simple", "MedicationRequest/smart-MedicationRequest-103"{{selected}} ],
            "draftOrders": {
              "resourceType": "Bundle",
              "entry": [
                { "resource": { "resourceType": "NutritionOrder", "id": "pureeddiet-simple", "status": "draft", "patient": { "reference": "Patient/{{patientId}}" }, "dateTime": "2014-09-17" } },
                { "resource": { "resourceType": "MedicationRequest", "id": "smart-MedicationRequest-103", "status": "draft", "intent": "order",
                    "medicationCodeableConcept": { "coding": [ { "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "617993" } ] }, "subject": { "reference": "Patient/{{patientId}}" } } }{{analysis}}
              ]
            }
          }
        }
        """;

    public const string HbA1c = """
        , { "resource": { "resourceType": "ServiceRequest", "id": "a1c", "status": "draft", "intent": "order", "code": { "coding": [ { "system": "http://loinc.org", "code": "59261-8", "display": "HbA1c" } ] } } }
        """;
}
