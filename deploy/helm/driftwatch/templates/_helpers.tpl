{{- define "driftwatch.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "driftwatch.labels" -}}
app.kubernetes.io/name: driftwatch
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "driftwatch.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "driftwatch.serviceAccount" -}}
{{- if .Values.serviceAccount.name -}}
{{ .Values.serviceAccount.name }}
{{- else if .Values.serviceAccount.create -}}
{{ include "driftwatch.name" . }}
{{- else -}}
default
{{- end -}}
{{- end -}}

{{- define "driftwatch.configMap" -}}
{{ .Values.existingConfigMap | default (include "driftwatch.name" .) }}
{{- end -}}

{{/* The Secret of one of our pods, its own or else the one of all: list of the root and the values of the pod. */}}
{{- define "driftwatch.secret" -}}
{{- (index . 1).secretName | default (index . 0).Values.secretName -}}
{{- end -}}

{{/* Where a pod finds the configuration, the profiles and its secrets: list of the root and the Secret. */}}
{{- define "driftwatch.mounts" -}}
{{- $root := index . 0 -}}
- {name: config, mountPath: /opt/driftwatch/driftwatch.yaml, subPath: driftwatch.yaml, readOnly: true}
{{- if or $root.Values.profiles.configMap $root.Values.profiles.claim }}
- {name: profiles, mountPath: /opt/driftwatch/profiles, readOnly: true}
{{- end }}
{{- if index . 1 }}
- {name: secrets, mountPath: /run/secrets/driftwatch, readOnly: true}
{{- end }}
{{- end -}}

{{- define "driftwatch.volumes" -}}
{{- $root := index . 0 -}}
- name: config
  configMap:
    name: {{ include "driftwatch.configMap" $root }}
{{- if $root.Values.profiles.configMap }}
- name: profiles
  configMap:
    name: {{ $root.Values.profiles.configMap }}
{{- else if $root.Values.profiles.claim }}
- name: profiles
  persistentVolumeClaim:
    claimName: {{ $root.Values.profiles.claim }}
    readOnly: true
{{- end }}
{{- with index . 1 }}
- name: secrets
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{/* The user of Flink's image. */}}
{{- define "driftwatch.podSecurity" -}}
runAsNonRoot: true
runAsUser: 9999
runAsGroup: 9999
fsGroup: 9999
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "driftwatch.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
{{- end -}}

{{/* By which pods are made anew when the configuration is another one, and what the user adds. */}}
{{- define "driftwatch.annotations" -}}
{{- if .Values.existingConfigMap -}}
driftwatch.io/config-map: {{ .Values.existingConfigMap }}
{{- else -}}
driftwatch.io/config: {{ .Values.config | toYaml | sha256sum }}
{{- end }}
{{- with .Values.podAnnotations }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What java is given to run the command line: Flink's classes are not in the jar. */}}
{{- define "driftwatch.main" -}}
-cp, "/opt/flink/usrlib/driftwatch-job.jar:/opt/flink/lib/*", io.driftwatch.job.Main
{{- end -}}

{{- define "driftwatch.canary" -}}
{{ include "driftwatch.name" . }}-canary
{{- end -}}

{{/* A pod that runs one command of driftwatch: list of the root, its arguments and its Secret. */}}
{{- define "driftwatch.commandPod" -}}
{{- $root := index . 0 -}}
{{- $mounted := list $root (index . 2) -}}
restartPolicy: Never
serviceAccountName: {{ include "driftwatch.serviceAccount" $root }}
automountServiceAccountToken: false
securityContext:
  {{- include "driftwatch.podSecurity" $root | nindent 2 }}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: driftwatch
    image: {{ include "driftwatch.image" $root | quote }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    command: [java, {{ include "driftwatch.main" $root }}]
    args:
      {{- toYaml (index . 1) | nindent 6 }}
    resources:
      requests: {cpu: 100m, memory: 512Mi}
      limits: {memory: 512Mi}
    securityContext:
      {{- include "driftwatch.containerSecurity" $root | nindent 6 }}
    volumeMounts:
      {{- include "driftwatch.mounts" $mounted | nindent 6 }}
volumes:
  {{- include "driftwatch.volumes" $mounted | nindent 2 }}
{{- end -}}
